"""One line of the table of ratios, and the table itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import rich.box
import rich.console
import rich.table


@dataclass(frozen=True, slots=True)
class Row:
    """One ratio.

    Attributes:
        what: what was measured.
        against: what the same run measured beside it.
        ratio: of the two.
        goal: bound of `ratio`; None where there is none.
        more_is_better: whether the bound is a lower one, as for rates.
        note: what helps to read the figure.
    """

    what: str
    against: str
    ratio: float
    goal: float | None
    more_is_better: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the goal is met."""
        if self.goal is None:
            return True
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal


def show(sections: Sequence[tuple[str, Sequence[Row]]]) -> None:
    """Print the table."""
    table = rich.table.Table(box=rich.box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("what", "against", "ratio", "goal", "", "note"):
        table.add_column(heading, justify="right" if heading in {"ratio", "goal"} else "left")
    for title, rows in sections:
        table.add_row(f"[bold]{title}[/]")
        for row in rows:
            bound = "≥" if row.more_is_better else "≤"
            table.add_row(
                row.what,
                row.against,
                f"{row.ratio:.3g}",
                "" if row.goal is None else f"{bound} {row.goal:g}",
                "" if row.goal is None else "[green]✓[/]" if row.holds else "[red]✗[/]",
                row.note,
            )
        table.add_section()
    width = None if rich.console.Console().is_terminal else 160
    rich.console.Console(highlight=False, width=width).print(table)
