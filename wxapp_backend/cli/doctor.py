"""The command that checks a real WeChat account, step by step, and says what to do."""

from __future__ import annotations

import hashlib
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import click
import rich.console
from rich.markup import escape

from wxapp_backend.assembly import Assembly
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.infra.wechat.probe import fetch_echo
from wxapp_backend.infra.wechat.templates import Template
from wxapp_backend.settings import MessageTemplate, WeChatApp

_SAMPLE_SCENE = "7K2M9XQP"
_IP_REFUSED = 40164


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it went, and what to do if it failed."""

    subject: str
    good: bool
    note: str


def make_commands(assembly: Assembly) -> Sequence[click.Command]:
    """Return `doctor`."""

    @click.command()
    @click.option(
        "--public-url",
        help="Where WeChat reaches this server, e.g. https://shop.example.cn; "
        "by default the start of plain links.",
    )
    def doctor(public_url: str | None) -> None:
        """Check the WeChat accounts: credentials, IP list, callback, templates, linking, codes."""
        console = rich.console.Console(highlight=False, soft_wrap=True)
        failed = 0
        for finding in _examine(assembly, public_url or assembly.settings.server.link_base):
            mark = "[green]✓[/]" if finding.good else "[red]✗[/]"
            console.print(f"{mark} {finding.subject}: {escape(finding.note)}")
            failed += not finding.good
        if failed:
            console.print(f"\n{failed} 项需要处理。")
            sys.exit(1)
        console.print("\n一切就绪。")

    return (doctor,)


def _examine(assembly: Assembly, public_url: str) -> Iterator[Finding]:
    accounts, wechat = assembly.outside.accounts, assembly.settings.wechat
    yield _credentials("小程序凭证", accounts.mini_program.templates)
    yield _credentials("服务号凭证", accounts.official_account.templates)
    yield _callback("服务号回调", f"{public_url}/wechat/official-account", wechat.official_account)
    yield _callback("小程序回调", f"{public_url}/wechat/mini-program", wechat.mini_program)
    yield from _templates(assembly)
    yield _linking(assembly)
    yield _code_page(assembly)


def _credentials(subject: str, call: Callable[[], object]) -> Finding:
    try:
        call()
    except WeChatError as error:
        return Finding(subject, good=False, note=_advice(error))
    return Finding(subject, good=True, note="appid、secret 和 IP 白名单都有效")


def _callback(subject: str, url: str, app: WeChatApp) -> Finding:
    """Do what WeChat's console does when the address is saved: a signed GET with an echo."""
    stamp, nonce, echo = str(int(time.time())), secrets.token_hex(5), secrets.token_hex(8)
    joined = "".join(sorted((app.token, stamp, nonce)))
    signature = hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
    query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}
    if fetch_echo(url, query) == echo:
        return Finding(subject, good=True, note=f"{url} 能够验证")
    advice = (
        f"{url} 没有正确回应;请确认服务已启动、域名与证书可从公网访问,Token 与微信后台填写的一致"
    )
    return Finding(subject, good=False, note=advice)


def _templates(assembly: Assembly) -> Iterator[Finding]:
    accounts, configured = assembly.outside.accounts, assembly.settings.wechat.templates
    for name, listing, part in (
        ("服务号模板", accounts.official_account.templates, _official_part),
        ("订阅消息模板", accounts.mini_program.templates, _mini_program_part),
    ):
        try:
            known = {template.template_id: template for template in listing()}
        except WeChatError as error:
            yield Finding(name, good=False, note=_advice(error))
            continue
        for kind, settings in configured.items():
            template_id, keys = part(settings)
            yield _template(f"{name} {kind}", template_id, keys, known)


def _official_part(settings: MessageTemplate) -> tuple[str, dict[str, str]]:
    return settings.official_id, settings.official_keys


def _mini_program_part(settings: MessageTemplate) -> tuple[str, dict[str, str]]:
    return settings.mini_program_id, settings.mini_program_keys


def _template(
    subject: str, template_id: str, keys: dict[str, str], known: dict[str, Template]
) -> Finding:
    if not template_id:
        return Finding(subject, good=True, note="未设置,这个渠道不会发送")
    template = known.get(template_id)
    if template is None:
        return Finding(subject, good=False, note="账号里没有这个模板 ID,请在微信后台核对")
    missing, unknown = (
        set(template.keys) - set(keys.values()),
        set(keys.values()) - set(template.keys),
    )
    if missing or unknown:
        wrong = "、".join(sorted(missing | unknown))
        advice = f"关键词与“{template.title}”不一致:{wrong};请修改 [wechat.templates] 的 keys"
        return Finding(subject, good=False, note=advice)
    return Finding(subject, good=True, note=f"“{template.title}”可用")


def _linking(assembly: Assembly) -> Finding:
    subject = "账号互通"
    account = assembly.outside.accounts.official_account
    try:
        page = account.followers()
        if not page.openids:
            return Finding(subject, good=True, note="还没有人关注,等有粉丝后再检查一次")
        follower = account.user(page.openids[0])
    except WeChatError as error:
        return Finding(subject, good=False, note=_advice(error))
    if follower.unionid is None:
        advice = "粉丝没有 unionid;请在微信开放平台把小程序和服务号绑定到同一账号"
        return Finding(subject, good=False, note=advice)
    return Finding(subject, good=True, note="服务号与小程序已绑定到同一开放平台账号")


def _code_page(assembly: Assembly) -> Finding:
    subject = "小程序码页面"
    page = assembly.settings.wechat.mini_program.landing_page
    try:
        assembly.outside.accounts.mini_program.code_image(_SAMPLE_SCENE, page)
    except WeChatError as error:
        advice = f"{page} 无法生成小程序码:{_advice(error)};请先发布包含此页面的版本"
        return Finding(subject, good=False, note=advice)
    return Finding(subject, good=True, note=f"{page} 可以生成小程序码")


def _advice(error: WeChatError) -> str:
    if error.code == _IP_REFUSED:
        return f"本机 IP 不在白名单:{error.message};请在微信后台的 IP 白名单里添加它"
    if error.retryable or error.outcome_unknown:
        return f"暂时连不上微信({error});请检查网络和 [wechat] base_url 后重试"
    return f"微信拒绝了请求({error});请核对 appid、secret 和接口权限"
