"""What stands on one poster, and the finished picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["jpeg", "png"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One person's poster.

    Attributes:
        facts: plain strings by name (`nickname`, `offer`, `shop_name`, …); where one is missing
            the template shows its neutral text.
        payload: text inside the QR code; "" for templates that carry no code.
        avatar: the referrer's picture as `images.normalise_avatar` made it; one that cannot be
            read is treated as missing.
        photo: a customer's or the shop's photo, likewise.
        code_image: a ready code picture (WeChat's mini-program code), drawn instead of a QR.
        logo: the shop's mark for the middle of a QR, on a plate of at most 15 % of its side.

    """

    facts: Mapping[str, str] = field(default_factory=dict)
    payload: str = ""
    avatar: bytes | None = None
    photo: bytes | None = None
    code_image: bytes | None = None
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Poster:
    """A finished picture; `content_key` changes whenever anything on it changes.

    Attributes:
        is_spliced: it was put together from pieces that were tried out, its code from tables that
            are proved; otherwise it was drawn and encoded whole.

    """

    data: bytes
    width: int
    height: int
    content_key: str
    format: Format
    is_spliced: bool = False

    @property
    def media_type(self) -> str:
        """Answer the HTTP media type."""
        return f"image/{self.format}"
