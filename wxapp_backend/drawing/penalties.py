"""How badly a QR mask suits a symbol (ISO 18004, 7.8.3), counted on whole symbols as one integer.

A symbol is an integer whose bits are its modules, row after row, top left module first; each row
takes `stride` bits. A neighbour to the right is then a shift by one, a neighbour below a shift by
`stride`, and counting is `int.bit_count()`.
"""

_RUN = 5
_FINDER = 7
_FINDER_AND_SPACE = 11


class Penalties:
    """Rates symbols of `side` modules the way the `qrcode` package does.

    That package leaves the modules of the format information light while it rates, and so do we:
    otherwise another mask would be chosen now and then.
    """

    def __init__(self, side: int, stride: int) -> None:
        self._side = side
        self._stride = stride
        self._whole = self._windows(1, 1)
        self._pairs = (self._windows(2, 1), self._windows(1, 2))
        self._runs = (self._windows(_RUN, 1), self._windows(1, _RUN))
        self._finders = (self._windows(_FINDER, 1), self._windows(1, _FINDER))
        self._spaced = (self._windows(_FINDER_AND_SPACE, 1), self._windows(1, _FINDER_AND_SPACE))
        self._squares = self._windows(2, 2)
        self._rated = self._whole & ~self._format_modules()

    def _windows(self, width: int, height: int) -> int:
        """Mark the modules at which a window of this size may begin."""
        columns = ((1 << (self._side - width + 1)) - 1) << (self._stride - self._side + width - 1)
        rows = self._side - height + 1
        found = 0
        for row in range(self._side):
            found = found << self._stride | (columns if row < rows else 0)
        return found

    def _format_modules(self) -> int:
        side = self._side
        timing = 6
        around = 8
        cells = {(row, around) for row in range(9) if row != timing}
        cells |= {(around, column) for column in range(9) if column != timing}
        cells |= {(around, side - 1 - i) for i in range(8)}
        cells |= {(side - 1 - i, around) for i in range(8)}
        last = side * self._stride - 1
        return sum(1 << (last - row * self._stride - column) for row, column in cells)

    def rate(self, symbol: int) -> int:
        """Answer the penalty; less is better."""
        dark = symbol & self._rated
        light = dark ^ self._whole
        across, same_across = self._lines(dark, light, 0, 1)
        down, same_down = self._lines(dark, light, 1, self._stride)
        squares = same_across & same_down & (same_across << self._stride) & self._squares
        share = dark.bit_count() * 100 / (self._side * self._side)
        return across + down + 3 * squares.bit_count() + 10 * int(abs(share - 50) / 5)

    def _lines(self, dark: int, light: int, way: int, step: int) -> tuple[int, int]:
        """Rate runs and false finders along one direction; also answer which pairs are equal."""
        same = ~(dark ^ (dark << step)) & self._pairs[way]
        three = same & (same << step)
        run = three & (three << 2 * step) & self._runs[way]
        rating = run.bit_count() + 2 * (run & ~(run >> step)).bit_count()
        # 1011101: dark and light, three dark in the middle, light and dark.
        begins = dark & (light << step)
        ends = light & (dark << step)
        finder = begins & ((three & dark) << 2 * step) & (ends << 5 * step) & self._finders[way]
        if finder:
            two = light & (light << step)
            four = two & (two << 2 * step)
            after = finder & (four << _FINDER * step) & self._spaced[way]
            before = (finder << 4 * step) & four & self._spaced[way]
            rating += 40 * (after.bit_count() + before.bit_count())
        return rating, same
