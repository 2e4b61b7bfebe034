"""Refusals of identity."""

from __future__ import annotations

from wxapp_backend.kernel.errors import Conflict, NotFound, ValidationFailed


class PhoneInvalid(ValidationFailed):
    """The text is no mobile number of the mainland, nor one in E.164 form."""

    message = "手机号格式不对，请检查后再试"

    def __init__(self) -> None:
        super().__init__(fields={"phone": ["must be a mainland mobile or E.164"]})


class PhoneTaken(Conflict):
    """The number is bound to another WeChat account."""

    code = "phone_taken"
    message = "这个手机号已绑定其他微信账号，如有疑问请联系店员"


class UnknownToken(NotFound):
    """The scanned or typed code is none of ours."""

    code = "unknown_token"
    message = "没有识别出这个码，请让顾客刷新后再试"


class TokenExpired(Conflict):
    """The code was right but has changed since."""

    code = "token_expired"
    message = "这个码已过期，请让顾客刷新后再试"
