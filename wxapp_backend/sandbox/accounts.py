"""The two accounts of the sandbox, obviously fake and the same in every run."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Literal

from wxapp_backend.sandbox.message_templates import MessageTemplate, templates_of

Kind = Literal["mini_program", "official_account"]
MINI_PROGRAM: Kind = "mini_program"
OFFICIAL_ACCOUNT: Kind = "official_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One WeChat account as its owner sees it in the console.

    Attributes:
        original_id: the `gh_…` name that callbacks carry.
        token: what callbacks are signed with.
        encoding_aes_key: 43 characters, what callbacks are encrypted with.
        callback_path: path at the backend where its callbacks go.

    """

    kind: Kind
    name: str
    appid: str
    secret: str
    original_id: str
    token: str
    encoding_aes_key: str
    callback_path: str
    templates: tuple[MessageTemplate, ...]

    def template(self, template_id: object) -> MessageTemplate | None:
        """Find one of its templates."""
        return next((one for one in self.templates if one.template_id == template_id), None)


def _fake(purpose: str, length: int) -> str:
    """Make a value that looks right and protects nothing: it is computed from public words."""
    return hashlib.sha256(f"yinjian sandbox {purpose}".encode()).hexdigest()[:length]


def _fake_aes_key(purpose: str) -> str:
    """Make 43 characters of a-zA-Z0-9 that decode to 32 bytes, as the console does."""
    digest = hashlib.sha512(f"yinjian sandbox {purpose}".encode()).digest()
    text = base64.b64encode(digest).decode()
    # The last character of 43 carries two unused bits; "A" leaves them zero, for strict decoders.
    return "".join(one for one in text if one.isalnum())[:42] + "A"


def _account(kind: Kind, name: str, digit: str, callback_path: str) -> Account:
    return Account(
        kind=kind,
        name=name,
        appid="wx" + digit * 12 + "0000",
        secret=_fake(f"secret of {kind}", 32),
        original_id="gh_" + digit * 8 + "0000",
        token="sandbox" + _fake(f"token of {kind}", 12),
        encoding_aes_key=_fake_aes_key(f"key of {kind}"),
        callback_path=callback_path,
        templates=templates_of(kind),
    )


ACCOUNTS: dict[Kind, Account] = {
    MINI_PROGRAM: _account(MINI_PROGRAM, "引荐小店", "a", "/wechat/mini-program"),
    OFFICIAL_ACCOUNT: _account(OFFICIAL_ACCOUNT, "引荐小店", "b", "/wechat/official-account"),
}


def find_account(appid: object) -> Account | None:
    """Find an account by its appid."""
    return next((one for one in ACCOUNTS.values() if one.appid == appid), None)
