"""Refusals of stores."""

from __future__ import annotations

from wxapp_backend.kernel.errors import Conflict, Forbidden, NotFound


class UnknownStore(NotFound):
    """There is no such store."""

    message = "没有找到这家门店"


class NotStaffHere(Forbidden):
    """The person does not work in this store."""

    message = "你不是这家门店的店员，无法进行此操作"


class UnknownInvite(NotFound):
    """Nobody was given this invitation."""

    message = "邀请码不对，请核对后再试"


class InviteEnded(Conflict):
    """The invitation was used by somebody else, or its time is over."""

    code = "token_expired"
    message = "邀请码已失效，请向店长要一个新的"
