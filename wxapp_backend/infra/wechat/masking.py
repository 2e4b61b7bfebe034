"""Takes secrets, tokens and openids out of any text before a person or a log can see it."""

import logging
import re

MAX_TEXT = 300  # WeChat's own texts are far shorter; more is somebody's web page

_PARAMETER = re.compile(
    r"""(?ix) \b (access_token|refresh_token|app_?secret|secret|session_key|js_code|code|openid
        |touser|unionid|ticket|sig(?:nature)?)
        (["']? \s* [=:] \s* ["']?) [^&\s"',}<>]+"""
)
# Tokens have 100 characters and more, openids and unionids 28; a rid has 26.
_LONG_WORD = re.compile(r"[0-9A-Za-z_\-]{27,}")
_HEX_SECRET = re.compile(r"\b[0-9a-f]{32}\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def scrub(text: str) -> str:
    """Return `text` on one line, cut short, without anything that looks like a credential or id."""
    text = _CONTROL.sub(" ", text[: 4 * MAX_TEXT])
    text = _PARAMETER.sub(r"\1\2***", text)
    text = _LONG_WORD.sub("***", _HEX_SECRET.sub("***", text))
    return text[:MAX_TEXT].strip()


class MaskSecrets(logging.Filter):
    """Rewrites a record so that no URL parameter in it betrays a credential."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the finished text and drop the traceback, whose exception may quote a URL."""
        record.msg = scrub(record.getMessage())
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        return True


_MASK = MaskSecrets()
_LIBRARY_LOGGERS = (
    "urllib3.connectionpool",
    "urllib3.connection",
    "urllib3.util.retry",
    "requests",
    "wechatpy.client.base",
)


def mask_library_logs() -> None:
    """Put the mask on the loggers of the HTTP libraries, which print whole URLs; repeatable."""
    for name in _LIBRARY_LOGGERS:
        logging.getLogger(name).addFilter(_MASK)  # adding the same filter again changes nothing
