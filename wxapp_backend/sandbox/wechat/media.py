"""Temporary media.

WeChat: 新增临时素材, 获取临时素材.
"""

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.wechat.call import (
    GET,
    POST,
    Answer,
    Call,
    Endpoint,
    Picture,
    TokenEndpoint,
)
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

_MEGABYTE = 1024 * 1024
# Largest size and allowed types; the page names 2 MB for pictures in one place, 10 in another.
_RULES: dict[str, tuple[int, tuple[str, ...]]] = {
    "image": (2 * _MEGABYTE, ("image/png", "image/jpeg", "image/gif")),
    "voice": (2 * _MEGABYTE, ("audio/amr", "audio/mpeg", "audio/mp3")),
    "video": (10 * _MEGABYTE, ("video/mp4",)),
    "thumb": (64 * 1024, ("image/jpeg",)),
}


def _upload(world: World, call: Call, account: Account) -> Answer:
    kind = call.query.get("type", "")
    if kind not in _RULES:
        raise Refusal(40004)
    if call.upload is None or not call.upload.content:
        raise Refusal(41005)
    largest, types = _RULES[kind]
    # A file without a name or a type is one that WeChat cannot place.
    if call.upload.mimetype not in types or "." not in call.upload.filename:
        raise Refusal(40005)
    if len(call.upload.content) > largest:
        raise Refusal(45001)
    upload = call.upload
    medium = world.media.add(account.kind, kind, upload.content, upload.mimetype, world.now())
    return {
        "type": kind,
        "media_id": medium.media_id,
        "created_at": int(medium.created_at),
        "item": [],
    }


def _download(world: World, call: Call, account: Account) -> Answer:
    if not call.query.get("media_id"):
        raise Refusal(41006)
    medium = world.media.find(account.kind, call.query["media_id"], world.now())
    if medium is None:
        raise Refusal(40007)
    return Picture(medium.content, medium.mimetype)


_KINDS = frozenset({MINI_PROGRAM, OFFICIAL_ACCOUNT})
ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/media/upload": TokenEndpoint(_upload, POST, _KINDS),
    "/cgi-bin/media/get": TokenEndpoint(_download, GET, _KINDS),
}
