"""What may differ from one run of the sandbox to the next."""

from dataclasses import dataclass
from typing import Literal, get_args

from wxapp_backend.sandbox.released_pages import RELEASED_PAGES

Mode = Literal["safe", "plain", "compat"]
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How one sandbox behaves.

    Attributes:
        backend: base URL of the backend that receives the callbacks, without a trailing slash.
        mode: how callbacks are sent: encrypted, plain, or both side by side.
        link_prefix: rule for plain links that open the mini-program; empty means `{backend}/r/`.
        link_page: page which such a link opens.
        pages: pages of the released mini-program; the first is its home page.
        mini_program: address where the mini-program runs in a browser, for the phones of the page;
            empty when it does not run.
        callback_seconds: time the backend has to answer a callback; WeChat gives 5.
        retry_pause_seconds: real time between two deliveries of one callback.

    """

    backend: str = "http://127.0.0.1:8000"
    mode: Mode = "safe"
    link_prefix: str = ""
    link_page: str = "pages/landing/index"
    pages: tuple[str, ...] = RELEASED_PAGES
    mini_program: str = ""
    callback_seconds: float = 5.0
    retry_pause_seconds: float = 1.0

    @property
    def link_rule(self) -> str:
        """The prefix that makes a link open the mini-program."""
        return self.link_prefix or f"{self.backend}/r/"
