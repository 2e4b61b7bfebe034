"""What can go wrong with WeChat, as our own exceptions of plain strings and integers.

They pickle, hold no secret, token or openid, and carry the few facts that a delivery policy needs.
"""

from typing import ClassVar

from wxapp_backend.infra.wechat.masking import scrub

RATE_PAUSE_SECONDS = 60  # WeChat's short quotas are per minute
DAY_QUOTA_PAUSE_SECONDS = 3600  # daily quotas renew at midnight; an hourly look is cheap
BUSY_USER_PAUSE_SECONDS = 5  # 43108: another message to the same person is on its way


class WeChatError(Exception):
    """A call to WeChat did not give what it promises; `code` is WeChat's errcode or None.

    The base class itself stands for codes we do not know: neither repeated nor blamed on a person.
    """

    retryable: ClassVar[bool] = False
    """The call surely had no effect and may succeed unchanged later."""
    final_for_person: ClassVar[bool] = False
    """This person cannot be reached this way; repeating is pointless, others are not affected."""
    needs_operator: ClassVar[bool] = False
    """Account, template or network configuration; every further call of the kind fails too."""
    outcome_unknown: ClassVar[bool] = False
    """The call may have taken effect: repeat only what WeChat deduplicates."""

    def __init__(self, code: int | None, message: str, path: str = "", rid: str = "") -> None:
        self.code = code
        self.message = scrub(message)
        self.path = path
        self.rid = rid
        super().__init__(code, self.message, path, rid)

    @property
    def wait_seconds(self) -> int:
        """The shortest useful pause before a repeat; 0 leaves it to the caller's backoff."""
        return 0

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        code = "" if self.code is None else f"{self.code} "
        rid = f" (rid {self.rid})" if self.rid else ""
        return f"{where}{code}{self.message}{rid}"


class Unavailable(WeChatError):
    """WeChat did not take the call: no connection, or its own "busy"."""

    retryable = True


class OutcomeUnknown(WeChatError):
    """The call was sent and no usable answer came; a timeout is not a refusal."""

    outcome_unknown = True


class TokenRejected(WeChatError):
    """The access token was refused even after the one permitted refresh."""

    retryable = True


class RateLimited(WeChatError):
    """A quota is used up for the minute, the day or this person."""

    retryable = True

    @property
    def wait_seconds(self) -> int:
        """Return the pause that fits the exhausted quota."""
        if self.code in _DAY_QUOTA:
            return DAY_QUOTA_PAUSE_SECONDS
        return BUSY_USER_PAUSE_SECONDS if self.code == _BUSY_USER else RATE_PAUSE_SECONDS


class UserRefused(WeChatError):
    """The person does not want, or can no longer get, this message."""

    final_for_person = True


class UnknownPerson(WeChatError):
    """WeChat does not know this openid, or it belongs to another app."""

    final_for_person = True


class PersonBlocked(WeChatError):
    """WeChat itself holds the person back: risk control, care for minors, a limited account."""

    final_for_person = True


class NotVisitedLately(WeChatError):
    """The person must have opened the mini-program within about two hours for this call (61010)."""


class BadInput(WeChatError):
    """A value we sent breaks WeChat's rules; repeating it unchanged is pointless."""


class BadCode(BadInput):
    """A one-time code (login, phone number) is wrong, used or older than five minutes."""


class NotConfigured(WeChatError):
    """The account, its secret, its permissions, its templates or its IP list need an operator."""

    needs_operator = True


class UnusableValue(ValueError):
    """A template value cannot be made to fit its key's type without inventing facts."""

    def __init__(self, key: str, kind: str) -> None:
        self.key = key
        self.kind = kind
        super().__init__(key, kind)

    def __str__(self) -> str:
        return f"{self.key} does not hold a usable {self.kind}"


class CallbackError(Exception):
    """A callback cannot be accepted; `reason` is a short constant for logs."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class BadSignature(CallbackError):
    """The callback is not provably from WeChat: answer 403."""


class Undecodable(CallbackError):
    """The callback is signed but makes no sense: log it and answer `success`."""


TOKEN_ERRORS = frozenset({40001, 40014, 41001, 42001})
"""Business-call answers that mean "another token" (WeChat: 获取稳定版接口调用凭据)."""

_BUSY_USER = 43108
_DAY_QUOTA = frozenset({45009, 44993})

# WeChat's general return codes and the tables of the single calls.
_CODES: dict[type[WeChatError], tuple[int, ...]] = {
    Unavailable: (-1, 61080, 61450),
    TokenRejected: tuple(TOKEN_ERRORS),
    RateLimited: (44990, 44991, 44993, 45009, 45011, 61081, _BUSY_USER),
    UserRefused: (43004, 43019, 43101, 45015, 45047, 48002),
    UnknownPerson: (40003, 43104),
    PersonBlocked: (40226, 50002, 70000),
    NotVisitedLately: (61010,),
    BadCode: (40029, 40163),
    BadInput: (
        *(40004, 40005, 40008, 40032, 40033, 40035, 40036, 40039, 40052, 40053, 40054, 40055),
        *(40016, 40017, 40018, 40019, 40020, 40023, 40024, 40027),
        *(40097, 40129, 40159, 40165, 40169, 40212, 41008, 41030, 43002, 44002, 45001, 45002),
        *(45008, 45168, 47001, 47003, 85079, 85096, 85401, 85402, 87020),
    ),
    NotConfigured: (
        *(40002, 40013, 40037, 40125, 40164, 40243, 40249, 41002, 41004, 43107, 43116, 45029),
        *(48001, 48004, 48006, 50004, 50007, 85406, 89503, 89506, 89507),
    ),
}
_CLASS_OF = {code: kind for kind, codes in _CODES.items() for code in codes}


def error_for(code: int, message: str, path: str, rid: str = "") -> WeChatError:
    """Return the exception that an errcode of a business call stands for."""
    return _CLASS_OF.get(code, WeChatError)(code, message, path, rid)
