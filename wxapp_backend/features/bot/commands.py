"""The command that puts the official account's menu in place."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from wxapp_backend.features.bot import api as bot
from wxapp_backend.infra.wechat.errors import WeChatError
from wxapp_backend.infra.wechat.official import OfficialAccount


def make_commands(account: OfficialAccount, links: bot.Links) -> Sequence[click.Command]:
    """Return `menu`."""

    @click.command()
    @click.option("--remove", is_flag=True, help="Take the menu away instead.")
    def menu(*, remove: bool) -> None:
        """Publish the official account's menu; phones show it within minutes."""
        try:
            if remove:
                account.delete_menu()
            else:
                account.create_menu(bot.menu(links))
        except WeChatError as error:
            click.echo(f"微信没有接受：{error}", err=True)
            sys.exit(1)
        click.echo("菜单已移除。" if remove else "菜单已发布，手机上几分钟内更新。")

    return (menu,)
