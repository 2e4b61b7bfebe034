"""Text: scripts, emoji, line breaking and fitting."""

import pytest
from PIL import Image, ImageChops

from wxapp_backend.drawing.emoji import clusters
from wxapp_backend.drawing.fonts import coverage, font_files
from wxapp_backend.drawing.glyphs import Style, atoms, clean
from wxapp_backend.drawing.textbox import TextBox, draw_text, set_text

STYLE = Style(36, 500, "#000000")


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("王小美🌸", ["王", "小", "美", "🌸"]),
        ("👩‍👩‍👧‍👦", ["👩‍👩‍👧‍👦"]),
        ("🇨🇳🇬🇧", ["🇨🇳", "🇬🇧"]),
        ("1️⃣2", ["1️⃣", "2"]),
        ("👍🏽", ["👍🏽"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿x", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "x"]),
        ("e\u0301", ["e\u0301"]),
        ("🌸\u200d", ["🌸\u200d"]),
    ],
)
def test_clusters_are_what_a_reader_sees(text: str, signs: list[str]) -> None:
    """Families, flags, keycaps, skin tones and marks are one sign each."""
    assert clusters(text) == signs


@pytest.mark.parametrize(
    ("text", "pictures", "letters"),
    [
        ("👩‍👩‍👧‍👦", 1, 0),
        ("❤️‍🔥", 1, 0),
        ("🇨🇳", 1, 0),
        ("1️⃣", 1, 0),
        ("⚡", 1, 0),
        ("☀", 0, 1),
        ("☀️", 1, 0),
        ("𠮷㛃아さ", 0, 4),
        ("علي", 0, 3),
        ("\ue000ภ", 0, 0),
        ("\u202eabc\x00", 0, 3),
    ],
)
def test_every_sign_finds_its_drawing(text: str, pictures: int, letters: int) -> None:
    """Emoji are pictures, rare scripts fall back, and what nothing has is left out."""
    found = atoms(text, STYLE)

    assert sum(atom.picture is not None for atom in found) == pictures
    assert sum(atom.glyph is not None for atom in found) == letters


def test_nothing_is_drawn_as_a_box() -> None:
    """No atom uses a font for a character the font does not have."""
    hostile = "王\ue123\U0010fffd\U00020bb7ݐ‿ↈ☃𝕏ﷺภไ\u0fff"
    for atom in atoms(hostile, STYLE):
        if atom.glyph is not None:
            known = [
                all(ord(sign) in coverage(font) for sign in atom.text) for font in font_files()
            ]
            assert any(known), atom.text


def test_coverage_reads_both_fonts() -> None:
    """The Chinese font has rare characters, the Arabic one has joined forms."""
    chinese, arabic = (coverage(font) for font in font_files())

    assert 0x20BB7 in chinese
    assert 0x0628 not in chinese
    assert 0x0628 in arabic
    assert 0xFE91 in arabic
    assert 0x4E00 not in arabic


def test_arabic_is_joined_and_reversed() -> None:
    """Letters come in visual order and in their joined forms."""
    shown = "".join(atom.text for atom in atoms("Ali علي 小明", STYLE))

    assert shown == "Ali \ufef2\ufee0\ufecb 小明"


def test_controls_and_overrides_are_cleaned() -> None:
    """Line ends become spaces; direction overrides and controls vanish."""
    assert clean(" a\n\tb\u202e\u0007c\u3000d ") == "a bc d"


def _box(width: int, lines: int, height: int = 400) -> TextBox:
    return TextBox(box=(0, 0, width, height), style=STYLE, min_size=36, lines=lines)


def test_closing_punctuation_never_starts_a_line() -> None:
    """No line begins with a comma or stop, none ends with an opening bracket."""
    text = "送你一份见面礼，到店即可使用；（新朋友专享）满一百减二十。欢迎常来！"
    for width in range(120, 700, 36):
        lines = set_text(text, _box(width, 12, 4000)).lines
        assert "".join(a.text for line in lines for a in line).replace("…", "") in text
        assert not any(line[0].text in "，。；！）" for line in lines)
        assert not any(line[-1].text == "（" for line in lines)


def test_last_line_is_never_a_single_sign() -> None:
    """Two lines are made about equally long."""
    lines = set_text("这家店我常来推荐给你", _box(36 * 9 + 4, 2)).lines

    assert [len(line) for line in lines] == [5, 5]


def test_latin_words_and_numbers_stay_whole() -> None:
    """A word is moved to the next line, not cut."""
    lines = set_text("欢迎来到 Coffee 店消费满 1000 元", _box(250, 4)).lines
    shown = ["".join(atom.text for atom in line) for line in lines]

    assert any("Coffee" in line for line in shown)
    assert any("1000" in line for line in shown)


def test_long_text_is_cut_with_an_ellipsis_inside_its_box() -> None:
    """Sixty characters end with … and no px lies outside the box."""
    image = Image.new("RGB", (600, 200), "#ffffff")
    box = TextBox(box=(100, 60, 300, 60), style=STYLE, min_size=28)

    outcome = set_text("很长的名字" * 12, box)
    draw_text(image, "很长的名字" * 12, box, (0, 0))

    assert outcome.cut
    assert outcome.size == 28
    assert outcome.lines[0][-1].text == "…"
    drawn = ImageChops.difference(image, Image.new("RGB", image.size, "#ffffff")).getbbox()
    assert drawn is not None
    assert drawn[0] >= 98
    assert drawn[2] <= 402


def test_text_shrinks_before_it_is_cut() -> None:
    """A text a little too long is made smaller and stays whole."""
    outcome = set_text("恰好长一点的名字", TextBox(box=(0, 0, 270, 60), style=STYLE, min_size=28))

    assert not outcome.cut
    assert 28 <= outcome.size < 36


def test_empty_text_draws_nothing() -> None:
    """No text, no lines, no error."""
    assert set_text("", _box(100, 1)).lines == ()
