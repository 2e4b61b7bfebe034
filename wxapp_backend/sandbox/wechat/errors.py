"""WeChat's error codes with the texts it sends; every text ends in a request id."""

import secrets

# WeChat: 全局返回码 and the pages of the single calls.
TEXTS: dict[int, str] = {
    -1: "system error",
    40001: (
        "invalid credential, access_token is invalid or not latest, "
        "could get access_token by getStableAccessToken, "
        "more details at https://mmbizurl.cn/s/JtxxFh33r"
    ),
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40029: "invalid code",
    40032: "invalid openid list size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40037: "invalid template_id",
    40039: "invalid url size",
    40052: "invalid action name",
    40053: "invalid action info",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40159: "invalid length for path, or the data is not json string",
    40163: "code been used",
    40164: "invalid ip {address} ipv6 ::ffff:{address}, not in whitelist",
    40165: "invalid weapp pagepath",
    40169: "invalid length for scene, or the data is not json string",
    40212: "invalid query",
    40226: "user login blocked",
    40243: "AppSecret is frozen",
    40249: "marketing content is not allowed",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "require remove blacklist",
    43101: "user refuse to accept the msg",
    43104: "this appid does not have permission",
    43107: "subscribe template is banned",
    43108: "concurrent send is not allowed",
    43116: "template is restricted",
    44002: "empty post data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  must slower  retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45168: "sensitive content",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user block",
    48004: "api forbidden",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    61010: "code is expired",
    61450: "system error",
    76021: "cgi_path not found",
    85096: "scancode_time is reserved",
    85401: "invalid expire time",
    85402: "invalid env_version",
    87009: "invalid signature",
    89503: "this ip needs the administrator's confirmation",
}


class Refusal(Exception):
    """WeChat answers this errcode; `detail` is added to its text."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.detail = detail

    def body(self, address: str) -> dict[str, object]:
        """Make the answer, for a caller at this address."""
        text = TEXTS.get(self.errcode, "request refused").replace("{address}", address)
        words = " ".join(part for part in (text, self.detail) if part)
        return {"errcode": self.errcode, "errmsg": f"{words} rid: {_request_id()}"}


def _request_id() -> str:
    """Make an id such as 6566f1a0-1d2e3f40-5a6b7c8d."""
    return "-".join(secrets.token_hex(4) for _ in range(3))
