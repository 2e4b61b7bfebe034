"""A customer opens the mini-program."""

from __future__ import annotations

import logging

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.wechat.miniapp import LoginResult
from wxapp_backend.kernel.errors import AppError

log = logging.getLogger(__name__)


def enter(tx: Tx, who: LoginResult, *, referral_code: str | None, days: int) -> identity.SignedIn:
    """Open a session, and note whose share brought the customer here.

    A code that is nobody's, or that cannot count, does not keep anybody out.
    """
    signed_in = identity.sign_in(
        tx, app="mini_program", openid=who.openid, unionid=who.unionid, days=days
    )
    person_id = signed_in.person.id
    referrals.code_of(tx, person_id)  # so that reading "me" never has to write
    if referral_code:
        try:
            tx.attempt(
                lambda inner: referrals.touch(inner, person_id, code=referral_code, channel="link")
            )
        except AppError as error:
            log.info("the referral code was not noted", extra={"code": error.code})
    return signed_in
