"""What identity offers to other features."""

from __future__ import annotations

from wxapp_backend.features.identity import queries
from wxapp_backend.features.identity.domain import App, NameForm, Person, avatar_url, display_name
from wxapp_backend.features.identity.errors import (
    PhoneInvalid,
    PhoneTaken,
    TokenExpired,
    UnknownToken,
)
from wxapp_backend.features.identity.queries import (
    CAME_BACK,
    PERSON,
    REFERRER,
    find_by_openid,
    find_person,
    keep,
    list_persons,
    person_part,
    split_person,
    with_person,
)
from wxapp_backend.features.identity.service import phones
from wxapp_backend.features.identity.service.merging import tell_again
from wxapp_backend.features.identity.service.people import (
    is_following,
    link,
    openid_of,
    set_following,
)
from wxapp_backend.features.identity.service.phones import attach_phone, person_for_phone
from wxapp_backend.features.identity.service.privacy import (
    Consent,
    erase,
    export,
    has_consented,
    list_consents,
    record_consent,
)
from wxapp_backend.features.identity.service.profile import (
    PersonalToken,
    ProfileChange,
    person_of_token,
    personal_token,
    set_avatar,
    update_profile,
)
from wxapp_backend.features.identity.service.sessions import (
    SignedIn,
    authenticate,
    authenticate_key,
    list_api_keys,
    make_api_key,
    purge_sessions,
    revoke_api_key,
    sign_in,
)
from wxapp_backend.features.identity.service.tombstones import was_erased_before
from wxapp_backend.infra.db import Tx
from wxapp_backend.kernel.errors import NotFound

__all__ = [
    "CAME_BACK",
    "PERSON",
    "REFERRER",
    "App",
    "Consent",
    "NameForm",
    "Person",
    "PersonalToken",
    "PhoneInvalid",
    "PhoneTaken",
    "ProfileChange",
    "SignedIn",
    "TokenExpired",
    "UnknownToken",
    "attach_phone",
    "authenticate",
    "authenticate_key",
    "avatar_url",
    "current_id",
    "display_name",
    "erase",
    "export",
    "find_by_openid",
    "find_by_phone",
    "find_by_unionid",
    "find_person",
    "get_person",
    "has_consented",
    "is_following",
    "keep",
    "link",
    "list_api_keys",
    "list_consents",
    "list_persons",
    "make_api_key",
    "openid_of",
    "person_for_phone",
    "person_of_token",
    "person_part",
    "personal_token",
    "present_id",
    "purge_sessions",
    "record_consent",
    "revoke_api_key",
    "set_avatar",
    "set_following",
    "sign_in",
    "split_person",
    "tell_again",
    "update_profile",
    "was_erased_before",
    "with_person",
]


def get_person(tx: Tx, person_id: str) -> Person:
    """Return a person as `find_person` does.

    Raises:
        NotFound: there is no such person.
    """
    person = find_person(tx, person_id)
    if person is None:
        raise NotFound
    return person


def current_id(tx: Tx, person_id: str) -> str:
    """Return the id under which a person is known now; an event may carry an older one.

    Raises:
        NotFound: there is no such person.
    """
    current = queries.find_current_id(tx, person_id)
    if current is None:
        raise NotFound
    return current


def present_id(tx: Tx, person_id: str) -> str:
    """Return what `current_id` does; an id that nobody has stays as it is."""
    return queries.find_current_id(tx, person_id) or person_id


def find_by_unionid(tx: Tx, unionid: str) -> Person | None:
    """Return the person with this unionid, or None."""
    row = queries.row_by_unionid(tx, unionid)
    return queries.to_person(row) if row else None


def find_by_phone(tx: Tx, phone: str) -> Person | None:
    """Return whose phone number this is, or None; so also for what is no phone number."""
    row = phones.find_by_phone(tx, phone)
    return queries.to_person(row) if row else None
