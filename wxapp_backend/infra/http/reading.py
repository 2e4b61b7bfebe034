"""Reads what a request brings into its shape; what does not fit is named, within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Literal, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from wxapp_backend.infra.http.gate import MAX_BODY_BYTES
from wxapp_backend.kernel.errors import MalformedJson, ValidationFailed

Location = Literal["json", "query", "files"]

MAX_DEPTH = 20
"""How deep a body may nest; our own shapes need four levels."""

MAX_FIELDS = 100
"""Fields at the top of a body or query; beyond it the unknown ones are counted, not judged."""

MAX_FAULTS = 20
"""How many fields a refusal names."""

_MAX_NAME = 64
_MAX_MESSAGE = 200
_UNKNOWN = "Extra inputs are not permitted"
_ShapeT = TypeVar("_ShapeT", bound=BaseModel)


class Reader:
    """One input of a route.

    Attributes:
        name: the argument of the view that takes what was read.
    """

    def __init__(self, shape: type[BaseModel], location: Location) -> None:
        self._shape = shape
        self._location = location
        self.name = f"{location}_data"

    def fetch(self) -> None:
        """Take the body off the wire: no transaction waits for a slow client.

        Raises:
            RequestEntityTooLarge: it is larger than its route allows.
        """
        if self._location == "json" and len(request.get_data()) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge  # it had not told its length

    def read(self) -> BaseModel:
        """Return the input.

        Raises:
            MalformedJson: it is no JSON, or nests too deeply.
            ValidationFailed: fields are missing, unknown or unfit.
        """
        return fit(self._shape, self._found(), self._location)

    def _found(self) -> Any:
        if self._location == "query":
            return request.args.to_dict()
        if self._location == "files":
            return {**request.form.to_dict(), **request.files.to_dict()}
        try:
            found = request.get_json(force=True)
        except BadRequest:
            raise MalformedJson from None
        data = request.get_data()
        if data.count(b"[") + data.count(b"{") > MAX_DEPTH and not _is_shallow(found, MAX_DEPTH):
            raise MalformedJson
        return found


def read_all(readers: Sequence[Reader]) -> dict[str, BaseModel]:
    """Return what all readers of a route read, by the names of the view's arguments."""
    return {reader.name: reader.read() for reader in readers}


def fit(shape: type[_ShapeT], found: object, location: Location = "json") -> _ShapeT:
    """Make what was found an instance of `shape`.

    Raises:
        ValidationFailed: names up to `MAX_FAULTS` fields, and counts all faults.
    """
    place = "" if location == "json" else f"{location}."
    if not isinstance(found, dict):
        raise ValidationFailed(fields={"_schema": ["must be an object"]}, total=1)
    if len(found) > MAX_FIELDS:
        unknown = found.keys() - shape.model_fields.keys()
        raise _refusal(((place + name, _UNKNOWN) for name in unknown), len(unknown))
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        named = ((place + _path(fault["loc"]), fault["msg"]) for fault in faults)
        raise _refusal(named, error.error_count()) from None


def _refusal(faults: Iterable[tuple[str, str]], total: int) -> ValidationFailed:
    fields: dict[str, list[str]] = {}
    for name, message in islice(faults, MAX_FAULTS):
        fields.setdefault(name[:_MAX_NAME], []).append(message[:_MAX_MESSAGE])
    return ValidationFailed(fields=fields, total=total)


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "_schema"


def _is_shallow(value: object, depth: int) -> bool:
    """Say whether nothing in `value` lies deeper than `depth`; it never looks further down."""
    if isinstance(value, dict):
        return depth > 0 and all(_is_shallow(each, depth - 1) for each in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(each, depth - 1) for each in value)
    return True
