"""WeChat's XML: flat elements with CDATA texts and plain numbers."""

from collections.abc import Mapping
from xml.parsers.expat import ExpatError

import xmltodict

Value = str | int | Mapping[str, object] | list[Mapping[str, object]]


class NotXml(Exception):
    """A body is not one `<xml>` element."""


def build(fields: Mapping[str, object]) -> str:
    """Write `<xml>…</xml>`; lists repeat their element, numbers stand bare."""
    return "<xml>" + _inside(fields) + "</xml>"


def _inside(fields: Mapping[str, object]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_inside(value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    # Nobody may close the CDATA from inside by typing its end.
    text = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"


def parse(body: bytes) -> dict[str, object]:
    """Read `<xml>…</xml>`.

    Raises:
        NotXml: it is something else.

    """
    try:
        document = xmltodict.parse(body, strip_whitespace=False)
    except (ExpatError, ValueError) as error:
        raise NotXml(str(error)) from error
    root = document.get("xml")
    if not isinstance(root, dict):
        raise NotXml("the root element is not <xml>")
    return root
