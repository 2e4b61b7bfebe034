"""Content check of texts.

WeChat: 文本内容安全识别, version 2.
"""

import secrets

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, Account
from wxapp_backend.sandbox.wechat.call import POST, Answer, Call, Endpoint, TokenEndpoint, text_of
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.wechat.users import recent_visitor
from wxapp_backend.sandbox.world import World

_LONGEST_CONTENT = 2500
_VERSION = 2
_SCENES = (1, 2, 3, 4)
_LABEL_OK = 100
# A handful of words, enough to see a refusal: (word, label, what is suggested).
_WORDS = (
    ("赌博", 20006, "risky"),
    ("代开发票", 20008, "risky"),
    ("刷单", 20008, "risky"),
    ("裸聊", 20002, "risky"),
    ("傻逼", 20003, "risky"),
    ("加我微信", 10001, "review"),
    ("低价代购", 10001, "review"),
)


def _check(world: World, call: Call, _account: Account) -> Answer:
    body = call.json()
    if body.get("version") not in (_VERSION, str(_VERSION)):
        raise Refusal(40097)
    recent_visitor(world, body.get("openid"))
    if body.get("scene") not in _SCENES:
        raise Refusal(40129)
    content = text_of(body.get("content"))
    if not content:
        raise Refusal(44002)
    if len(content) > _LONGEST_CONTENT:
        raise Refusal(45002)
    everything = " ".join([content, *(text_of(body.get(name)) for name in ("title", "nickname"))])
    return {"errcode": 0, "errmsg": "ok", **_verdict(everything)}


def _verdict(text: str) -> dict[str, object]:
    """Judge a text by the worst word in it."""
    found = [one for one in _WORDS if one[0] in text]
    found.sort(key=lambda one: one[2] == "review")
    word, label, suggest = found[0] if found else ("", _LABEL_OK, "pass")
    detail: list[dict[str, object]] = [
        {
            "strategy": "content_model",
            "errcode": 0,
            "suggest": suggest,
            "label": label,
            "prob": 90,
        }
    ]
    if word:
        detail.append(
            {
                "strategy": "keyword",
                "errcode": 0,
                "suggest": suggest,
                "label": label,
                "level": 90,
                "keyword": word,
            }
        )
    return {
        "result": {"suggest": suggest, "label": label},
        "detail": detail,
        "trace_id": secrets.token_hex(16),
    }


ENDPOINTS: dict[str, Endpoint] = {
    "/wxa/msg_sec_check": TokenEndpoint(_check, POST, frozenset({MINI_PROGRAM})),
}
