"""Refusals of the storefront."""

from __future__ import annotations

from wxapp_backend.kernel.errors import (
    AppError,
    Forbidden,
    NotFound,
    RateLimited,
    Unauthenticated,
    ValidationFailed,
)

_SHORT_PAUSE_SECONDS = 2


class LoginRefused(Unauthenticated):
    """WeChat does not know the login code, or it was used or is old."""

    message = "登录已失效，请重新打开小程序"


class HeldByWeChat(Forbidden):
    """WeChat itself holds this account back."""

    message = "微信暂时限制了这个账号的登录，请到微信里查看原因"


class WeChatAway(AppError):
    """WeChat does not answer, or not as it promises; nothing is wrong with the request."""

    code = "wechat_unavailable"
    status = 503
    message = "微信暂时没有响应，请稍等片刻再试"

    def __init__(self, wait_seconds: int = 0) -> None:
        super().__init__()
        self.retry_after_seconds = max(wait_seconds, _SHORT_PAUSE_SECONDS)


class PhoneCodeRefused(ValidationFailed):
    """WeChat does not know the phone code, or it was used, is old or another person's."""

    message = "手机号授权已失效，请再点一次授权按钮"

    def __init__(self) -> None:
        super().__init__(fields={"code": ["is not a fresh phone code of this person"]})


class PictureRefused(ValidationFailed):
    """The upload is no picture that we accept."""

    message = "这张图片无法使用，请换一张 JPG、PNG 或 WebP 图片（不超过 5 MB）"

    def __init__(self, cause: str) -> None:
        super().__init__(fields={"file": [cause]})


class TooManyPictures(RateLimited):
    """So many pictures wait to be looked at that this one was not; it may be fine."""

    message = "现在上传图片的人有点多，请稍等片刻再试"
    retry_after_seconds = _SHORT_PAUSE_SECONDS


class UnknownPicture(NotFound):
    """There is no such picture, or it was replaced."""

    message = "图片不存在或已更换"
