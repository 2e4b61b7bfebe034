"""Refusals on the phones' side, in the one shape all JSON errors of the project have."""


class PhoneError(Exception):
    """A request on the phones' side cannot be carried out.

    Attributes:
        status: HTTP status.
        code: stable word for programs.

    """

    status = 409
    code = "conflict"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NoSuchThing(PhoneError):
    """There is no such phone or path."""

    status = 404
    code = "not_found"


class NotValid(PhoneError):
    """The body is not what is wanted."""

    status = 422
    code = "validation_failed"


class MalformedJson(PhoneError):
    """The body is not a JSON object."""

    status = 400
    code = "malformed_json"
