"""Breaking a row of atoms into lines by the habits of Chinese typesetting.

Closing punctuation never starts a line, opening punctuation never ends one, a Latin word or a
number stays whole, and the last line never holds a single sign.
"""

from collections.abc import Sequence

from wxapp_backend.drawing.glyphs import Atom

_NEVER_FIRST = frozenset("，。、！？；：）》〉」』】〕”’…—～·％%,.!?;:)]}°℃")
_NEVER_LAST = frozenset("（《〈「『【〔“‘([{¥￥$#@")
_ORPHAN = 2
_CJK = 0x2E80  # first code point of the Chinese, Japanese and Korean blocks
_CLOSE_ENOUGH = 2  # px


def _joined(before: Atom, after: Atom) -> bool:
    """Tell whether no line may end between the two."""
    if after.text[0] in _NEVER_FIRST or before.text[-1] in _NEVER_LAST:
        return True
    return _in_word(before) and _in_word(after)


def _in_word(atom: Atom) -> bool:
    first = atom.text[0]
    return atom.picture is None and ord(first) < _CJK and (first.isalnum() or first in "¥￥.,-_'/+")


def _chunks(row: Sequence[Atom], limit: float) -> list[tuple[list[Atom], float]]:
    """Group atoms that may not be parted, with their px; no group is wider than `limit`."""
    chunks: list[list[Atom]] = []
    for atom in row:
        if chunks and _joined(chunks[-1][-1], atom):
            chunks[-1].append(atom)
        else:
            chunks.append([atom])
    found: list[tuple[list[Atom], float]] = []
    for chunk in chunks:
        # A word longer than the line is cut where it must be.
        pieces = [[atom] for atom in chunk] if width(chunk) > limit else [chunk]
        found += [(piece, sum([atom.width for atom in piece])) for piece in pieces]
    return found


def width(row: Sequence[Atom]) -> float:
    """Answer the px a row takes, without spaces at its ends."""
    if row and (row[0].text == " " or row[-1].text == " "):
        row = trimmed(row)
    if not row:
        return 0.0
    return sum([atom.width for atom in row]) - row[-1].style.tracking


def trimmed(row: Sequence[Atom]) -> list[Atom]:
    """Answer the row without spaces at its ends."""
    start, end = 0, len(row)
    while start < end and row[start].text == " ":
        start += 1
    while end > start and row[end - 1].text == " ":
        end -= 1
    return list(row[start:end])


def _greedy(chunks: Sequence[tuple[list[Atom], float]], limit: float) -> list[list[Atom]]:
    """Fill line after line; a space at a line's start or end takes no room."""
    lines: list[list[Atom]] = [[]]
    used = 0.0
    for chunk, wide in chunks:
        is_space = chunk[0].text == " "
        if lines[-1] and not is_space and used + wide - chunk[-1].style.tracking > limit:
            lines.append([])
            used = 0.0
        if lines[-1] or not is_space:
            lines[-1] += chunk
            used += wide
    return [line for line in map(trimmed, lines) if line]


def break_lines(row: Sequence[Atom], limit: float) -> list[list[Atom]]:
    """Break into as few lines as `limit` px allow, then make them about equally long."""
    chunks = _chunks(row, limit)
    lines = _greedy(chunks, limit)
    if len(lines) < 2 or (len(lines) > 3 and len(lines[-1]) > _ORPHAN):  # noqa: PLR2004 - long texts are only mended
        return lines
    low, high, best = width(row) / len(lines), limit, lines
    while high - low > _CLOSE_ENOUGH:
        middle = (low + high) / 2
        tried = _greedy(chunks, middle)
        if len(tried) == len(lines):
            best, high = tried, middle
        else:
            low = middle
    return best
