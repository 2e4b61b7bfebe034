"""Fast QR symbols are those of the `qrcode` package, bit for bit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxapp_backend.drawing.codes import choose_kind, reference_symbol
from wxapp_backend.drawing.fastqr import draw_symbol, table_for
from wxapp_backend.drawing.penalties import Penalties

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@pytest.mark.parametrize(
    "prefix",
    [
        "https://a.cn/r/",
        "https://shop.example.com/r/",
        "http://weixin.qq.com/q/02aBcDeF_ghIJK-mnop",
    ],
)
def test_symbols_equal_the_reference(prefix: str) -> None:
    """Same modules and same chosen mask for forty links of each length."""
    for number in range(40):
        code = "".join(ALPHABET[(number * 7 + i * i * 11 + number // 3) % 31] for i in range(8))
        payload = (prefix + code).encode()
        kind = choose_kind(len(payload), 33)

        assert draw_symbol(payload, kind) == reference_symbol(payload, kind)


@settings(deadline=None, max_examples=60)
@given(
    payload=st.text(
        alphabet=st.characters(min_codepoint=32, max_codepoint=0x9FFF), min_size=1, max_size=26
    ).map(str.encode)
)
def test_any_text_equals_the_reference(payload: bytes) -> None:
    """Payloads that are no links at all are drawn the same too."""
    kind = choose_kind(len(payload), 41)

    assert draw_symbol(payload, kind) == reference_symbol(payload, kind)


def test_links_of_one_shop_share_a_table() -> None:
    """Only the part behind the last slash differs, so nothing is asked of `qrcode` again."""
    one, other = b"https://a.cn/r/AAAAAAA1", b"https://a.cn/r/ZZZZZZZ9"
    kind = choose_kind(len(one), 33)

    assert table_for(one, kind, 40) is table_for(other, kind, 40)


def _plain_penalty(rows: list[str]) -> int:
    """Rate a symbol the slow way, straight from the standard."""
    penalty = 0
    columns = ["".join(row[i] for row in rows) for i in range(len(rows))]
    for line in rows + columns:
        run = 1
        for i in range(1, len(line) + 1):
            if i < len(line) and line[i] == line[i - 1]:
                run += 1
                continue
            penalty += run - 2 if run >= 5 else 0
            run = 1
        for i in range(len(line) - 10):
            penalty += 40 * (line[i : i + 11] in {"10111010000", "00001011101"})
    for y in range(len(rows) - 1):
        for x in range(len(rows) - 1):
            penalty += 3 * (
                len({rows[y][x], rows[y][x + 1], rows[y + 1][x], rows[y + 1][x + 1]}) == 1
            )
    dark = "".join(rows).count("1") * 100 / len(rows) ** 2
    return penalty + 10 * int(abs(dark - 50) / 5)


def test_penalty_equals_a_plain_count() -> None:
    """Counting on integers gives what counting module by module gives."""
    for number in range(12):
        payload = f"https://a.cn/r/{number * 7919:08d}".encode()
        kind = choose_kind(len(payload), 33)
        symbol = reference_symbol(payload, kind, number % 8)
        stride = symbol.row_bytes * 8
        penalties = Penalties(symbol.modules, stride)
        # The package rates with the format information left light.
        rated = int.from_bytes(symbol.bits, "big") & penalties._rated  # noqa: SLF001 - as it rates
        bits = f"{rated:0{symbol.modules * stride}b}"
        rows = [bits[i : i + symbol.modules] for i in range(0, len(bits), stride)]

        assert penalties.rate(rated) == _plain_penalty(rows)
