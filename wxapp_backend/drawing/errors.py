"""What can go wrong in the poster engine, one class per audience."""


class DrawingError(Exception):
    """Base of all expected failures of the engine."""


class TemplateError(DrawingError):
    """A template's document or files are wrong; the message names the template, layer and field."""


class UnknownTemplate(DrawingError):
    """No folder of this name holds a template, or it has no such size."""


class CodeTooLong(DrawingError):
    """The payload does not fit into the code's place with modules that still scan."""


class ImageRefused(DrawingError):
    """An uploaded picture is not accepted.

    Attributes:
        code: stable word for the cause: `too_large`, `not_an_image`, `unsupported_format`,
            `too_many_pixels`, `damaged`.

    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
