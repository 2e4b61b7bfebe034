"""A bounded memory of ready pieces: the least recently used go when the bytes are spent."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

# What Python needs for an entry beside the bytes themselves, about.
_ENTRY_BYTES = 400


class PieceStore:
    """Keeps rows of bytes by key, `budget` bytes at most."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._rows: OrderedDict[Hashable, list[bytes]] = OrderedDict()
        self._lock = Lock()
        self.used = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable) -> list[bytes] | None:
        """Answer the rows kept under `key`, or None."""
        with self._lock:
            rows = self._rows.get(key)
            if rows is None:
                self.misses += 1
                return None
            self._rows.move_to_end(key)
            self.hits += 1
            return rows

    def put(self, key: Hashable, rows: list[bytes]) -> None:
        """Keep rows; what does not fit any more is dropped, oldest use first."""
        with self._lock:
            old = self._rows.pop(key, None)
            if old is not None:
                self.used -= _weight(old)
            self._rows[key] = rows
            self.used += _weight(rows)
            while self.used > self._budget:
                _, dropped = self._rows.popitem(last=False)
                self.used -= _weight(dropped)

    def __len__(self) -> int:
        return len(self._rows)


def _weight(rows: list[bytes]) -> int:
    return _ENTRY_BYTES + sum(map(len, rows))
