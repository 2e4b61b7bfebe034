"""Commands for poster templates and pictures."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import click

from wxapp_backend.drawing import (
    Content,
    DrawingError,
    Renderer,
    Template,
    get_template,
    normalise_avatar,
)
from wxapp_backend.drawing.bulk import Job, write_posters
from wxapp_backend.drawing.checking import check as check_templates
from wxapp_backend.drawing.damage import damage_check
from wxapp_backend.drawing.printing import print_pdf
from wxapp_backend.features.posters.service.branding import read_logo
from wxapp_backend.infra.progress import shown_progress
from wxapp_backend.settings import Settings

_OWN_COLUMNS = {"file", "payload", "avatar"}


class _Shop:
    """What all posters of this shop have in common."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.templates = settings.posters.folder
        brand = settings.brand
        facts = {"shop_name": brand.name, "hours": brand.hours, "address": brand.address}
        self.facts = {name: value for name, value in facts.items() if value}

    @cached_property
    def logo(self) -> bytes | None:
        """Return the picture for the middle of codes, if there is one."""
        return read_logo(self._settings)


def make_commands(settings: Settings) -> Sequence[click.Command]:
    """Return `posters`."""
    shop = _Shop(settings)

    @click.group()
    def posters() -> None:
        """Check poster templates and draw posters."""

    posters.add_command(_check(shop))
    posters.add_command(_render(shop))
    posters.add_command(_bulk(shop))
    return (posters,)


def _check(shop: _Shop) -> click.Command:
    @click.command()
    @click.option(
        "--damage",
        is_flag=True,
        help="Also read every code in bad views with WeChat's own engine, zxing and zbar; needs "
        "requirements-damage.txt and takes many minutes.",
    )
    def check(damage: bool) -> None:
        """Validate every template and draw it for people who break careless ones.

        Reported: overflow, overlaps, poor contrast, signs that no font has, codes that are small,
        crowded or cannot be read back.
        """
        with shown_progress("checking") as tell:
            report = check_templates(shop.templates, tell)
        faults = [str(problem) for problem in report.problems]
        if damage:
            with shown_progress("damaging") as tell:
                faults += _damage_faults(shop, tell)
        for fault in faults:
            click.echo(f"✗ {fault}", err=True)
        if faults:
            sys.exit(1)
        click.echo(f"✓ {report.templates} templates, {report.posters} posters: all good")

    return check


def _damage_faults(shop: _Shop, tell: Callable[[int, int, str], None]) -> list[str]:
    try:
        report = damage_check(shop.templates, logo=shop.logo, progress=tell)
    except DrawingError as problem:
        raise click.ClickException(str(problem)) from None
    return [
        f"{rate.template}: {rate.decoder} reads {rate.read} of {rate.tried} in view {rate.view}"
        for rate in report.failed
    ]


def _render(shop: _Shop) -> click.Command:
    @click.command()
    @click.option("--template", "name", required=True, help="Name of the template's folder.")
    @click.option("--nickname", required=True, help="Who recommends.")
    @click.option("--payload", required=True, help="Text inside the code.")
    @click.option(
        "--out", required=True, type=click.Path(path_type=Path), help="JPEG, PNG or PDF file."
    )
    @click.option(
        "--avatar", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Picture."
    )
    @click.option("--size", help="WxH in px; the template's first by default.")
    def render(  # one parameter for each option
        name: str, nickname: str, payload: str, out: Path, avatar: Path | None, size: str | None
    ) -> None:
        """Draw one poster into a file; a PDF for templates that are made for paper."""
        wanted = _parse_size(size)
        try:
            content = Content(
                facts={"nickname": nickname, **shop.facts},
                payload=payload,
                avatar=normalise_avatar(avatar.read_bytes()) if avatar else None,
                logo=shop.logo,
            )
            data = _draw(get_template(shop.templates, name), content, wanted, out.suffix.lower())
        except DrawingError as problem:
            raise click.ClickException(str(problem)) from None
        out.write_bytes(data)
        click.echo(f"{out}: {len(data):,} bytes")

    return render


def _draw(template: Template, content: Content, size: tuple[int, int] | None, suffix: str) -> bytes:
    renderer = Renderer()
    if suffix == ".pdf":
        return print_pdf(renderer, template, content, size=size)
    chosen = "png" if suffix == ".png" else "jpeg"
    return renderer.render(template, content, size=size, format=chosen).data  # type: ignore[arg-type] # one of the two


def _bulk(shop: _Shop) -> click.Command:
    @click.command()
    @click.option("--template", "name", required=True, help="Name of the template's folder.")
    @click.option(
        "--people",
        required=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="CSV with a heading: file, payload, and any of nickname, avatar, offer, …",
    )
    @click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
    @click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
    def bulk(name: str, people: Path, out: Path, processes: int) -> None:
        """Draw one poster for each row of a table, e.g. 10,000 for all tables of a chain.

        `file` names the picture, `payload` is the text inside its code; every other column is a
        fact that the template may show. The first codes and then
        samples are read back before they are kept.
        """
        try:
            template = get_template(shop.templates, name)
            jobs = [_job(row, shop, out) for row in _rows(people)]
        except DrawingError as problem:
            raise click.ClickException(str(problem)) from None
        done = 0
        with shown_progress("drawing") as tell:

            def more(count: int) -> None:
                nonlocal done
                done += count
                tell(done, len(jobs), "")

            failures = write_posters(template.folder, jobs, processes=processes, progress=more)
        for failure in failures:
            click.echo(f"✗ {failure.file}: {failure.reason}", err=True)
        click.echo(f"{len(jobs) - len(failures):,} posters in {out}")
        if failures:
            sys.exit(1)

    return bulk


def _job(row: dict[str, str], shop: _Shop, out: Path) -> Job:
    name = row["file"]
    kept = Path(name).suffix.lower() in (".jpg", ".jpeg", ".png")
    return Job(_content(row, shop), out / (name if kept else f"{name}.jpg"))


def _rows(people: Path) -> Iterator[dict[str, str]]:
    with people.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            name = (row.get("file") or "").strip()
            if not name or Path(name).name != name or not (row.get("payload") or "").strip():
                raise click.ClickException(
                    f"{people}, line {number}: needs a plain file name and a payload"
                )
            yield {column: (value or "").strip() for column, value in row.items() if column}


def _content(row: dict[str, str], shop: _Shop) -> Content:
    facts = {column: value for column, value in row.items() if value and column not in _OWN_COLUMNS}
    avatar = row.get("avatar")
    return Content(
        facts=shop.facts | facts,
        payload=row["payload"],
        avatar=normalise_avatar(Path(avatar).read_bytes()) if avatar else None,
        logo=shop.logo,
    )


def _parse_size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise click.BadParameter("write it as WIDTHxHEIGHT, e.g. 750x1334", param_hint="--size")
    return int(width), int(height)
