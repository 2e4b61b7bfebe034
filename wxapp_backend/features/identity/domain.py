"""Rules about people that need no database: phone numbers, display names, rotating codes."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from wxapp_backend.kernel.ids import ID_LENGTH
from wxapp_backend.kernel.text import clean, mask_name

App = Literal["mini_program", "official_account"]
NameForm = Literal["masked", "ms", "mr"]

STEP_SECONDS = 30
"""How long a rotating code is shown before it changes; product B7."""

TOKEN_PREFIX = "YJM"  # noqa: S105 # what customer codes begin with, so that a scan is understood
_STEP_DIGITS = 8
_MAC_BYTES = 10
_MAC_CHARACTERS = 16
_TOKEN = re.compile(
    rf"{TOKEN_PREFIX}([0-9A-Z]{{{ID_LENGTH}}})([0-9A-F]{{{_STEP_DIGITS}}})"
    rf"([A-Z2-7]{{{_MAC_CHARACTERS}}})"
)

_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: 15 digits at most
_SEPARATORS = re.compile(r"[\s\-()]")

_FORMS = {"ms": "女士", "mr": "先生"}


@dataclass(frozen=True, slots=True)
class Person:
    """One person as other features see them.

    Attributes:
        nickname: as the person wrote it; never shown to others: use `display_name`.
        avatar_key: key in the file storage.
        name_style: how the person wishes to be named to a referrer.
        phone_masked: `*******1234`.
        joined_at: first contact through WeChat; None while known only by a phone number.
    """

    id: str
    nickname: str | None
    avatar_key: str | None
    name_style: NameForm
    phone_masked: str | None
    unionid: str | None = field(repr=False)
    birthday: date | None
    created_at: datetime
    joined_at: datetime | None
    erased_at: datetime | None = None


def display_name(person: Person) -> str:
    """Name a person to others: 李**, Z**, or 李女士 if that form was chosen; never more."""
    masked = mask_name(person.nickname)
    form = _FORMS.get(person.name_style)
    first = clean(person.nickname or "")[:1]
    if form is None or not first or unicodedata.category(first)[0] != "L":
        return masked
    return first.upper() + form


def avatar_url(person: Person, link_base: str) -> str | None:
    """Return where a person's picture is served, without a token, or None."""
    return f"{link_base}/media/{person.avatar_key}" if person.avatar_key else None


def normalise_phone(text: str) -> str | None:
    """Return a phone number in E.164 form, or None; a mainland mobile may lack its +86."""
    bare = _SEPARATORS.sub("", text)
    if mainland := _MAINLAND.fullmatch(bare):
        return f"+86{mainland[1]}"
    if bare.startswith("+86"):
        return None  # of the mainland, yet no mobile
    return bare if _E164.fullmatch(bare) else None


def step_of(now: datetime) -> int:
    """Return the number of the rotating code's period that holds `now`."""
    return int(now.timestamp()) // STEP_SECONDS


def end_of_step(step: int) -> datetime:
    """Return the instant at which the code of this period changes."""
    return datetime.fromtimestamp((step + 1) * STEP_SECONDS, UTC)


Sign = Callable[[str], bytes]


def make_token(person_id: str, step: int, sign: Sign) -> str:
    """Return a person's code for one period: capitals and digits, so that its QR stays coarse."""
    return f"{TOKEN_PREFIX}{person_id.upper()}{step:0{_STEP_DIGITS}X}{_mac(person_id, step, sign)}"


def read_token(token: str, sign: Sign) -> tuple[str, int] | None:
    """Return person id and period of a code that we signed, or None."""
    found = _TOKEN.fullmatch(token.strip().upper())
    if found is None:
        return None
    person_id, step = found[1].lower(), int(found[2], 16)
    return (person_id, step) if found[3] == _mac(person_id, step, sign) else None


def _mac(person_id: str, step: int, sign: Sign) -> str:
    return base64.b32encode(sign(f"{person_id}:{step}")[:_MAC_BYTES]).decode()
