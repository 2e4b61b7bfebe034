"""Customers' pictures: decoded safely, kept under names that nobody can guess."""

from __future__ import annotations

import re
import secrets

from wxapp_backend.drawing.decoder import DecoderBusy, ImageDecoder
from wxapp_backend.drawing.errors import ImageRefused
from wxapp_backend.features.storefront.errors import (
    PictureRefused,
    TooManyPictures,
    UnknownPicture,
)
from wxapp_backend.infra.storage import Storage

_NAME = re.compile(r"[0-9a-f]{32}")
_NAME_BYTES = 16


def keep_avatar(storage: Storage, decoder: ImageDecoder, upload: bytes) -> str:
    """Keep an uploaded picture as a small square JPEG, and return its key.

    Raises:
        PictureRefused: it is no picture that we accept.
        TooManyPictures: nobody could look at it now.
    """
    try:
        picture = decoder.avatar(upload)
    except ImageRefused as error:
        raise PictureRefused(str(error)) from error
    except DecoderBusy as error:
        raise TooManyPictures from error
    key = _key(secrets.token_hex(_NAME_BYTES))
    storage.put(key, picture)
    return key


def read_avatar(storage: Storage, name: str) -> bytes:
    """Return the JPEG that is served under `name`.

    Raises:
        UnknownPicture: there is none.
    """
    picture = storage.get(_key(name)) if _NAME.fullmatch(name) else None
    if picture is None:
        raise UnknownPicture
    return picture


def _key(name: str) -> str:
    return f"avatars/{name}.jpg"
