"""The official account's side of WeChat: followers, template messages, replies, codes, the menu."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from wxapp_backend.infra.wechat.client import (
    ApiClient,
    JsonObject,
    number_of,
    optional_text_of,
    text_of,
)
from wxapp_backend.infra.wechat.errors import Unavailable, WeChatError
from wxapp_backend.infra.wechat.templates import Template, templates_of

MAX_ID = 128
USERS_PER_CALL = 100  # WeChat: 批量获取用户基本信息
MAX_CODE_SECONDS = int(timedelta(days=30).total_seconds())  # WeChat: 生成带参数的二维码
_ALREADY_SENT = 45065
_NO_MENU = 46003

_USER = "cgi-bin/user/info"
_USERS = "cgi-bin/user/info/batchget"
_FOLLOWERS = "cgi-bin/user/get"
_TEMPLATE_SEND = "cgi-bin/message/template/send"
_TEMPLATES = "cgi-bin/template/get_all_private_template"
_CUSTOM_SEND = "cgi-bin/message/custom/send"
_QR = "cgi-bin/qrcode/create"
_MENU = "cgi-bin/menu"
_UPLOAD = "cgi-bin/media/upload"
_CLEAR_QUOTA = "cgi-bin/clear_quota"
_CALLBACK_IPS = "cgi-bin/getcallbackip"


@dataclass(frozen=True, slots=True)
class Follower:
    """What WeChat tells of a person; for one who does not follow, `openid` and nothing else."""

    openid: str = field(repr=False)
    is_following: bool
    unionid: str | None = field(default=None, repr=False)
    followed_at: int | None = None
    """Epoch seconds."""
    source: str | None = None
    """WeChat's `subscribe_scene`, such as ADD_SCENE_QR_CODE."""
    scene: str | None = None
    """The scene of the code that was followed by."""


@dataclass(frozen=True, slots=True)
class FollowerPage:
    """Up to 10,000 openids and the cursor of the next page, None on the last one."""

    total: int
    openids: tuple[str, ...] = field(repr=False)
    next_cursor: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class MiniProgramPage:
    """Where a message leads; `fallback_url` serves WeChat versions without mini-programs."""

    appid: str
    path: str
    fallback_url: str | None = None


@dataclass(frozen=True, slots=True)
class TemporaryCode:
    """A code that brings people to the account; `url` is its content, to be drawn by anyone."""

    ticket: str = field(repr=False)
    url: str
    expires_in_seconds: int


class OfficialAccount:
    """One official account of the service kind."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api

    @property
    def appid(self) -> str:
        """The account's public id."""
        return self._api.account.appid

    def user(self, openid: str) -> Follower:
        """Return whether a person follows, and the unionid if the account is bound to a platform.

        Raises:
            UnknownPerson: the openid is not of this account.
            WeChatError: anything else.

        """
        return _follower(self._api.read(_USER, {"openid": openid, "lang": "zh_CN"}), _USER)

    def users(self, openids: Sequence[str]) -> Iterator[Follower]:
        """Yield what `user` returns for many, asking for 100 at a time.

        Raises:
            WeChatError: see the class; what was yielded before stays valid.

        """
        for start in range(0, len(openids), USERS_PER_CALL):
            wanted = [
                {"openid": openid, "lang": "zh_CN"}
                for openid in openids[start : start + USERS_PER_CALL]
            ]
            rows = self._api.call(_USERS, {"user_list": wanted}).get("user_info_list")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise Unavailable(None, "the answer holds no users", _USERS)
            yield from (_follower(row, _USERS) for row in rows)

    def followers(self, cursor: str | None = None) -> FollowerPage:
        """Return a page of openids; keep `next_cursor` to go on after a failure.

        Raises:
            WeChatError: see the class.

        """
        params = {"next_openid": cursor} if cursor else {}
        answer = self._api.read(_FOLLOWERS, params)
        data = answer.get("data")
        rows = data.get("openid") if isinstance(data, dict) else None
        openids = tuple(str(row) for row in rows) if isinstance(rows, list) else ()
        # The last page may still name a next one while it holds nobody.
        following = optional_text_of(answer, "next_openid", limit=MAX_ID) if openids else None
        return FollowerPage(number_of(answer, "total", _FOLLOWERS), openids, following)

    def send_template(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        *,
        opens: str | MiniProgramPage | None = None,
        client_msg_id: str | None = None,
    ) -> str | None:
        """Send a template message and return its id, which the later result event repeats.

        WeChat sends one message per openid and `client_msg_id` (at most 64 characters) within ten
        minutes, so a repeat after `OutcomeUnknown` is safe for that long; None is returned when
        WeChat answers that it has it already.

        Raises:
            UserRefused: the person does not follow (43004) or takes no messages.
            NotConfigured: template, linked mini-program or permissions are wrong.
            WeChatError: anything else.

        """
        body: JsonObject = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": value} for key, value in data.items()},
            "client_msg_id": client_msg_id,
        }
        if isinstance(opens, MiniProgramPage):
            body["miniprogram"] = {"appid": opens.appid, "pagepath": opens.path}
            body["url"] = opens.fallback_url
        elif opens:
            body["url"] = opens
        try:
            answer = self._api.call(_TEMPLATE_SEND, body)
        except WeChatError as problem:
            if problem.code != _ALREADY_SENT:
                raise
            return None
        return optional_text_of(answer, "msgid")

    def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service text: 5 within 48 h of a message, 3 within 1 min of a tap.

        Raises:
            UserRefused: the window is over, the number is used up, or the person left.
            WeChatError: anything else.

        """
        self._api.call(
            _CUSTOM_SEND, {"touser": openid, "msgtype": "text", "text": {"content": text}}
        )

    def send_image(self, openid: str, media_id: str) -> None:
        """Send an uploaded picture as a customer-service message, within the limits of a text.

        Raises:
            WeChatError: as in `send_text`.

        """
        self._api.call(
            _CUSTOM_SEND, {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}}
        )

    def temp_qr(self, scene: str, seconds: int = MAX_CODE_SECONDS) -> TemporaryCode:
        """Return a code for `scene` (1 to 64 characters) that lives at most 30 days.

        Raises:
            WeChatError: see the class.

        """
        answer = self._api.call(
            _QR,
            {
                "expire_seconds": max(60, min(seconds, MAX_CODE_SECONDS)),
                "action_name": "QR_STR_SCENE",
                "action_info": {"scene": {"scene_str": scene}},
            },
        )
        return TemporaryCode(
            ticket=text_of(answer, "ticket", _QR),
            url=text_of(answer, "url", _QR),
            expires_in_seconds=number_of(answer, "expire_seconds", _QR),
        )

    def create_menu(self, buttons: Sequence[Mapping[str, object]]) -> None:
        """Replace the menu; phones show the new one within minutes.

        Raises:
            BadInput: WeChat refuses a name, number, key or address.
            WeChatError: anything else.

        """
        self._api.call(f"{_MENU}/create", {"button": list(buttons)})

    def find_menu(self) -> JsonObject | None:
        """Return the menu as WeChat holds it, or None if there is none.

        Raises:
            WeChatError: see the class.

        """
        try:
            return self._api.read(f"{_MENU}/get")
        except WeChatError as problem:
            if problem.code != _NO_MENU:
                raise
            return None

    def delete_menu(self) -> None:
        """Remove the menu, conditional ones included.

        Raises:
            WeChatError: see the class.

        """
        self._api.read(f"{_MENU}/delete")

    def upload_image(self, name: str, content: bytes, mime: str = "image/jpeg") -> str:
        """Store a picture (JPEG or PNG, at most 2 MB) for three days and return its media id.

        Raises:
            WeChatError: see the class.

        """
        answer = self._api.upload(_UPLOAD, name, content, mime, type="image")
        return text_of(answer, "media_id", _UPLOAD)

    def templates(self) -> tuple[Template, ...]:
        """Return the account's message templates, as WeChat orders them.

        Raises:
            WeChatError: see the class.

        """
        return templates_of(self._api.read(_TEMPLATES).get("template_list"), "template_id")

    def callback_ips(self) -> tuple[str, ...]:
        """Return the addresses and networks that WeChat's callbacks come from today.

        Raises:
            WeChatError: see the class.

        """
        rows = self._api.read(_CALLBACK_IPS).get("ip_list")
        return tuple(str(row) for row in rows) if isinstance(rows, list) else ()

    def clear_quota(self) -> None:
        """Reset the account's daily quotas; WeChat permits it ten times a month.

        Raises:
            NotConfigured: the ten are used up (48006).
            WeChatError: anything else.

        """
        self._api.call(_CLEAR_QUOTA, {"appid": self.appid})


def _follower(row: Mapping[str, object], path: str) -> Follower:
    openid = text_of(row, "openid", path, limit=MAX_ID)
    if number_of(row, "subscribe", path) == 0:
        return Follower(openid, is_following=False)
    return Follower(
        openid,
        is_following=True,
        unionid=optional_text_of(row, "unionid", limit=MAX_ID),
        followed_at=number_of(row, "subscribe_time", path) if "subscribe_time" in row else None,
        source=optional_text_of(row, "subscribe_scene"),
        scene=optional_text_of(row, "qr_scene_str"),
    )
