"""JSON as it is read from requests: UTF-8, bounded depth, no NaN, no half characters."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask
from flask.json.provider import JSONProvider


class StrictJson(JSONProvider):
    """Reads what RFC 8259 allows and nothing else; Python's own reader recurses and takes NaN."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write compact JSON."""
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON.

        Raises:
            ValueError: it is none, or nested beyond 1024 levels.
        """
        return orjson.loads(s)


def read_json_strictly(app: Flask) -> None:
    """Make the application read request bodies so."""
    app.json = StrictJson(app)
