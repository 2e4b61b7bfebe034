"""What stands on a poster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wxapp_backend.features.posters.domain import (
    Code,
    CodeKind,
    Shop,
    facts_for,
    is_fresh,
    plain_link,
)

NOW = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)
SHOP = Shop("青禾小馆", "10:00–22:00", "", "https://shop.example")


def facts(
    code: Code, ends_at: datetime | None = None, nickname: str | None = "王小美"
) -> dict[str, str]:
    """Return the facts of a poster with this code."""
    return facts_for(
        nickname=nickname,
        offer=("¥20 新客券", "满 ¥100 可用"),
        campaign_ends_at=ends_at,
        code=code,
        shop=SHOP,
        now=NOW,
    )


def test_the_offer_and_its_condition_stand_apart() -> None:
    """The first part is drawn large."""
    found = facts(Code("qr", "x"))
    assert (found["offer"], found["offer_note"]) == ("¥20 新客券", "满 ¥100 可用")


def test_what_is_missing_is_left_out() -> None:
    """The template then shows its neutral text."""
    found = facts(Code("qr", "x"), nickname=None)
    assert not {"nickname", "address", "valid_until"} & found.keys()


def test_a_poster_says_until_when_it_works() -> None:
    """The earlier of the campaign's end and the code's, as the shop's calendar has it."""
    ends = datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)
    code = Code("official_account", "x", ends_at=datetime(2026, 3, 9, 17, 0, tzinfo=UTC))
    assert facts(code, ends)["valid_until"] == "2026年3月10日"
    assert facts(Code("qr", "x"), ends)["valid_until"] == "2026年3月31日"


def test_each_kind_of_code_says_how_it_is_used() -> None:
    """A picture in a chat is pressed, a plain QR is scanned."""
    kinds: tuple[CodeKind, ...] = ("qr", "official_account", "mini_program")
    hints = {facts(Code(kind, "x"))["code_hint"] for kind in kinds}
    assert len(hints) == 3


def test_a_code_is_renewed_days_before_its_end() -> None:
    """Permanent ones never are."""
    assert is_fresh(Code("mini_program", "x"), NOW)
    assert is_fresh(Code("official_account", "x", ends_at=NOW + timedelta(days=6)), NOW)
    assert not is_fresh(Code("official_account", "x", ends_at=NOW + timedelta(days=5)), NOW)


def test_the_plain_link_is_the_one_of_the_link_rule() -> None:
    """As registered in WeChat's console."""
    assert plain_link("https://shop.example", "ABCDEFGH") == "https://shop.example/r/ABCDEFGH"
