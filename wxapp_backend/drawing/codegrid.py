"""A symbol's modules four at a time, with their neighbours below: the keys of ready-made pieces."""

NIBBLE = 4
_DIGIT_VALUES = bytes(int(chr(c), 16) if chr(c) in "0123456789abcdef" else 0 for c in range(256))


def stride_for(max_modules: int) -> int:
    """Answer the bits that a row of a square of so many modules takes."""
    return -(-max_modules // 8) * 8


def module_pairs(symbol: int, modules: int, max_modules: int, *, lead: int = 0) -> bytes:
    """Answer a byte for each four modules of a square and the four below them, row after row.

    The symbol, whose rows take `stride_for(max_modules)` bits, stands in the middle of its square.
    `lead` light rows come before the square's first, and 2 - `lead` follow its last.
    """
    stride = stride_for(max_modules)
    digits = stride // NIBBLE
    margin = (max_modules - modules) // 2
    rows = max_modules + 2
    placed = symbol << ((rows - lead - margin - modules) * stride - margin)
    nibbles = placed.to_bytes(rows * stride // 8, "big").hex().encode()
    spread = int.from_bytes(nibbles.translate(_DIGIT_VALUES), "big")
    first = spread >> 8 * (rows - 1) * digits << 8 * (rows - 1) * digits
    below = (spread ^ first) << 8 * digits
    return (spread << 4 | below).to_bytes(rows * digits, "big")
