"""Commands about what campaigns bring: what the owner wants to see."""

from __future__ import annotations

from collections.abc import Sequence

import click
import rich.console
from rich.table import Table

from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.rewards import api as rewards
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.money import yuan


def make_commands(db: Database) -> Sequence[click.Command]:
    """Return `funnel`."""

    @click.command()
    @click.option("--campaign", "campaign_id", help="Id of one campaign; all by default.")
    def funnel(campaign_id: str | None) -> None:
        """Show how far each campaign's friends came, what it cost and what it brought."""

        def look(tx: Tx) -> list[rewards.Funnel]:
            chosen = [campaigns.get_campaign(tx, campaign_id)] if campaign_id else None
            return [rewards.funnel(tx, each) for each in chosen or campaigns.list_all(tx)]

        console = rich.console.Console(highlight=False)
        found = db.read(look)
        for each in found:
            console.print(_table(each))
        if not found:
            console.print("还没有活动。把活动文档放进 config/campaigns,再运行 flask seed。")

    return (funnel,)


def _table(funnel: rewards.Funnel) -> Table:
    table = Table(title=funnel.name, title_justify="left", title_style="bold")
    table.add_column("环节")
    table.add_column("数量", justify="right")
    table.add_column("占上一步", justify="right")
    before = 0
    for label, count in (
        ("朋友看到", funnel.touched),
        ("领券", funnel.claimed),
        ("到店消费", funnel.visited),
        ("达标", funnel.qualified),
        ("已奖励", funnel.rewarded),
        ("第二次到店", funnel.second_visit),
    ):
        table.add_row(label, f"{count:,}", f"{count * 100 // before}%" if before else "—")
        before = count
    table.add_section()
    table.add_row("成本", yuan(funnel.cost_fen), "")
    table.add_row("已承诺（上限）", yuan(funnel.promised_fen), "")
    table.add_row("预算", yuan(funnel.budget_fen), "")
    table.add_row("带来的收入", yuan(funnel.revenue_fen), "")
    return table
