"""The mini-program's side of WeChat: logins, messages people agreed to, codes, content checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from wxapp_backend.infra.wechat.client import (
    ApiClient,
    number_of,
    optional_text_of,
    text_of,
)
from wxapp_backend.infra.wechat.errors import BadCode, NotConfigured, Unavailable
from wxapp_backend.infra.wechat.templates import Template, templates_of

MAX_CHECKED_TEXT = 2500  # characters; WeChat: 文本内容安全识别
MAX_ID = 128
DEFAULT_CODE_WIDTH = 430  # px; WeChat allows 280 to 1280

_LOGIN = "sns/jscode2session"
_PHONE = "wxa/business/getuserphonenumber"
_SUBSCRIBE_SEND = "cgi-bin/message/subscribe/send"
_CODE = "wxa/getwxacodeunlimit"
_TEXT_CHECK = "wxa/msg_sec_check"
_RISK = "wxa/getuserriskrank"
_URL_LINK = "wxa/generate_urllink"
_TEMPLATES = "wxaapi/newtmpl/gettemplate"

_MESSAGE_STATE = {"release": "formal", "trial": "trial", "develop": "developer"}


@dataclass(frozen=True, slots=True)
class LoginResult:
    """Who logged in; `unionid` only if the app is bound to an Open Platform account."""

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Phone:
    """A verified phone number without its country code, and that code (`86`)."""

    number: str = field(repr=False)
    country_code: str


class Scene(IntEnum):
    """Where a checked text is going to be seen."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    SOCIAL_LOG = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """WeChat's opinion of a text: `suggest` is pass, review or risky; label 100 is "ok"."""

    suggest: str
    label: int
    trace_id: str | None = None

    @property
    def is_pass(self) -> bool:
        """Whether the text may be shown without a person's look."""
        return self.suggest == "pass"


class MiniApp:
    """One mini-program; `env_version` is the edition that codes and messages open."""

    def __init__(self, api: ApiClient, *, env_version: str = "release") -> None:
        if env_version not in _MESSAGE_STATE:
            raise NotConfigured(None, "env_version is release, trial or develop")
        self._api = api
        self._env_version = env_version

    @property
    def appid(self) -> str:
        """The account's public id."""
        return self._api.account.appid

    def login(self, code: str) -> LoginResult:
        """Exchange wx.login's code, once; the session_key in the answer is dropped here.

        Raises:
            BadCode: the code is wrong, used or old; the client must call wx.login again.
            PersonBlocked: WeChat holds this person for a risk.
            WeChatError: anything else.

        """
        _require_code(code, _LOGIN)
        answer = self._api.read_without_token(
            _LOGIN,
            {
                "appid": self._api.account.appid,
                "secret": self._api.account.secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )
        return LoginResult(
            openid=text_of(answer, "openid", _LOGIN, limit=MAX_ID),
            unionid=optional_text_of(answer, "unionid", limit=MAX_ID),
        )

    def phone(self, code: str, openid: str | None = None) -> Phone:
        """Exchange the code of a getPhoneNumber button, once; WeChat checks that `openid` made it.

        Raises:
            BadCode: the code is wrong, used, old, or of another person or app.
            WeChatError: anything else.

        """
        _require_code(code, _PHONE)
        answer = self._api.call(_PHONE, {"code": code, "openid": openid})
        found = answer.get("phone_info")
        found = found if isinstance(found, dict) else {}
        mark = found.get("watermark")
        if isinstance(mark, dict) and mark.get("appid", self.appid) != self.appid:
            raise BadCode(None, "the phone number is of another app", _PHONE)
        number = text_of(found, "purePhoneNumber", _PHONE, limit=20)
        country_code = optional_text_of(found, "countryCode", limit=6) or "86"
        return Phone(number=number, country_code=country_code)

    def code_image(
        self,
        scene: str,
        page: str | None = None,
        *,
        width: int = DEFAULT_CODE_WIDTH,
        check_path: bool = True,
        env_version: str | None = None,
    ) -> bytes:
        """Return the picture of a code that opens `page` with `scene` (1 to 32 characters).

        `check_path=False` permits pages that are not released yet. WeChat: 获取不限制的小程序码.

        Raises:
            BadInput: WeChat refuses scene or page.
            WeChatError: anything else.

        """
        return self._api.call_for_image(
            _CODE,
            {
                "scene": scene,
                "page": page,
                "width": width,
                "check_path": check_path,
                "env_version": env_version or self._env_version,
            },
        )

    def send_subscribe(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str | None = None
    ) -> str | None:
        """Send one subscription message and return WeChat's id for it, if it gives one.

        Not deduplicated by WeChat: after `OutcomeUnknown` a repeat may be a second message.

        Raises:
            UserRefused: the person has no right left for this template (43101).
            WeChatError: anything else.

        """
        answer = self._api.call(
            _SUBSCRIBE_SEND,
            {
                "touser": openid,
                "template_id": template_id,
                "page": page,
                "data": {key: {"value": value} for key, value in data.items()},
                "miniprogram_state": _MESSAGE_STATE[self._env_version],
                "lang": "zh_CN",
            },
        )
        return optional_text_of(answer, "msgid")

    def check_text(self, openid: str, scene: Scene, text: str) -> Verdict:
        """Ask whether a text may be published; at most `MAX_CHECKED_TEXT` characters.

        Raises:
            NotVisitedLately: the person was not in the mini-program within about two hours.
            WeChatError: anything else. Never publish unchecked text instead.

        """
        answer = self._api.call(
            _TEXT_CHECK,
            {"version": 2, "openid": openid, "scene": scene.value, "content": text},
        )
        result = answer.get("result")
        result = result if isinstance(result, dict) else {}
        suggest = text_of(result, "suggest", _TEXT_CHECK)
        if suggest not in {"pass", "review", "risky"}:
            raise Unavailable(None, "the answer holds an unknown suggestion", _TEXT_CHECK)
        label = number_of(result, "label", _TEXT_CHECK)
        return Verdict(suggest, label, optional_text_of(answer, "trace_id"))

    def risk_rank(self, openid: str, client_ip: str, *, phone: str | None = None) -> int:
        """Return WeChat's rank of marketing-fraud risk, 0 (none) to 4 (block).

        Raises:
            NotConfigured: the service is not enabled for the account.
            NotVisitedLately: the person was not in the mini-program within about two hours.
            WeChatError: anything else.

        """
        answer = self._api.call(
            _RISK,
            {
                "appid": self.appid,
                "openid": openid,
                "scene": 1,
                "client_ip": client_ip,
                "mobile_no": phone,
            },
        )
        return min(number_of(answer, "risk_rank", _RISK), 4)

    def url_link(self, path: str, query: str, *, days: int = 30) -> str:
        """Return an https link that opens a page from outside WeChat for 1 to 30 days.

        Raises:
            WeChatError: see the class.

        """
        answer = self._api.call(
            _URL_LINK,
            {
                "path": path,
                "query": query,
                "expire_type": 1,
                "expire_interval": max(1, min(days, 30)),
                "env_version": self._env_version,
            },
        )
        return text_of(answer, "url_link", _URL_LINK)

    def templates(self) -> tuple[Template, ...]:
        """Return the account's message templates, as WeChat orders them.

        Raises:
            WeChatError: see the class.

        """
        return templates_of(self._api.read(_TEMPLATES).get("data"), "priTmplId")


def _require_code(code: str, path: str) -> None:
    # What no phone sends is refused here; WeChat counts wrong calls.
    if not 0 < len(code) <= MAX_ID or not code.isascii() or not code.isprintable():
        raise BadCode(None, "the code is not one of WeChat's", path)
