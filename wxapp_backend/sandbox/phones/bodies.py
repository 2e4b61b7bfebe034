"""Reading the JSON bodies of the phones' side: known fields of the right type, nothing else."""

import base64
import binascii
import json
from collections.abc import Iterable

from flask import Request

from wxapp_backend.sandbox.phones.errors import MalformedJson, NotValid


class Body:
    """A JSON object whose fields are taken one by one; what is left over is refused."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields

    @classmethod
    def of(cls, request: Request) -> "Body":
        """Read a request's body; an empty one is an empty object.

        Raises:
            MalformedJson: it is not a JSON object.

        """
        raw = request.get_data()
        try:
            fields = json.loads(raw) if raw.strip() else {}
        except ValueError:
            raise MalformedJson("请求内容不是 JSON") from None
        if not isinstance(fields, dict):
            raise MalformedJson("请求内容不是 JSON 对象")
        return cls(fields)

    def allow(self, *names: str) -> "Body":
        """Refuse any other field.

        Raises:
            NotValid: there is one.

        """
        unknown = sorted(set(self._fields) - set(names))
        if unknown:
            raise NotValid("有不认识的字段", **dict.fromkeys(unknown, "unknown field"))
        return self

    def text(self, name: str, default: str | None = None, *, longest: int = 4096) -> str:
        """Take a text.

        Raises:
            NotValid: it is missing without a default, is no text or too long.

        """
        value = self._fields.get(name)
        value = default if value is None else value
        if not isinstance(value, str) or len(value) > longest or (default is None and not value):
            raise NotValid("字段不正确", **{name: f"a text of 1 to {longest} characters"})
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """Take a number.

        Raises:
            NotValid: it is missing without a default or is no number.

        """
        value = self._fields.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotValid("字段不正确", **{name: "a number"})
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Take a truth value.

        Raises:
            NotValid: it is something else.

        """
        value = self._fields.get(name, default)
        if not isinstance(value, bool):
            raise NotValid("字段不正确", **{name: "true or false"})
        return value

    def texts(self, name: str) -> list[str]:
        """Take a list of texts.

        Raises:
            NotValid: it is something else.

        """
        value = self._fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise NotValid("字段不正确", **{name: "a list of texts"})
        return value

    def picture(self, name: str) -> bytes | None:
        """Take a picture in base64, with or without the head of a data URL.

        Raises:
            NotValid: it is something else.

        """
        value = self._fields.get(name)
        if value is None:
            return None
        try:
            return base64.b64decode(str(value).rpartition(",")[2], validate=True)
        except (ValueError, binascii.Error):
            raise NotValid("字段不正确", **{name: "a picture in base64"}) from None

    def has(self, name: str) -> bool:
        """Whether a field is given and is not null or false."""
        return self._fields.get(name) not in (None, False)

    def one_of(self, names: Iterable[str]) -> list[str]:
        """List those of these fields that are given."""
        return [name for name in names if self.has(name)]

    def raw(self, name: str) -> object:
        """Take a field as it is."""
        return self._fields.get(name)
