"""What stores offer to other features."""

from __future__ import annotations

from wxapp_backend.features.stores.domain import Post, Role, Store
from wxapp_backend.features.stores.errors import (
    InviteEnded,
    NotStaffHere,
    UnknownInvite,
    UnknownStore,
)
from wxapp_backend.features.stores.queries import (
    HIGHEST_POST,
    find_store,
    list_stores,
    posts_of,
    staff_of,
)
from wxapp_backend.features.stores.service import (
    add_store,
    dismiss,
    get_store,
    invite,
    join,
    leave_all,
    reassign,
    require_staff,
    role_of,
)
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.pipeline import Authenticate, Caller
from wxapp_backend.kernel.errors import Forbidden

__all__ = [
    "HIGHEST_POST",
    "InviteEnded",
    "NotStaffHere",
    "Post",
    "Role",
    "Store",
    "UnknownInvite",
    "UnknownStore",
    "add_store",
    "dismiss",
    "find_store",
    "get_store",
    "invite",
    "join",
    "leave_all",
    "list_stores",
    "make_authenticator",
    "posts_of",
    "reassign",
    "require_staff",
    "role_of",
    "staff_of",
]


def make_authenticator(authenticate: Authenticate) -> Authenticate:
    """Return what lets in those whom `authenticate` knows and who work in a store."""

    def authenticate_staff(tx: Tx, token: str, scope: str) -> Caller:
        caller = authenticate(tx, token, scope)
        if role_of(tx, caller.id) is None:
            raise Forbidden
        return Caller("staff", caller.id)

    return authenticate_staff
