"""Message templates as WeChat lists them, for both kinds of account."""

import re
from dataclasses import dataclass

_KEY = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A message template of the account; `keys` are the names its values must have, in order."""

    template_id: str
    title: str
    keys: tuple[str, ...]


def templates_of(rows: object, id_name: str) -> tuple[Template, ...]:
    """Return the usable rows of a template list, in WeChat's order."""
    if not isinstance(rows, list):
        return ()
    return tuple(
        Template(row[id_name], str(row.get("title", "")), keys_of(str(row.get("content", ""))))
        for row in rows
        if isinstance(row, dict) and isinstance(row.get(id_name), str)
    )


def keys_of(content: str) -> tuple[str, ...]:
    """Return the keys in a template's text, such as `thing1` of `姓名:{{thing1.DATA}}`."""
    return tuple(dict.fromkeys(_KEY.findall(content)))
