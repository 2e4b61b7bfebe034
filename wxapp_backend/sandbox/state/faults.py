"""Faults that are switched on by hand and wear off by themselves."""

from dataclasses import dataclass
from itertools import count


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault on one path.

    Attributes:
        path: WeChat's path, or the backend's callback path; a trailing `*` matches what follows.
        errcode: answered instead of the real answer.
        timeout_seconds: no answer; the connection hangs for so long.
        delay_seconds: the real answer, but late.
        is_garbage: HTTP 200 with something that is not JSON.
        after_effect: with a timeout: the call was carried out before the silence.
        duplicate: how many more times a callback is delivered.
        finish: a template message is accepted but this, and not `success`, becomes of it.
        is_reordered: a callback waits until the next one was delivered.
        left: how many calls it still hits.

    """

    path: str
    errcode: int | None = None
    errmsg: str = ""
    timeout_seconds: float | None = None
    delay_seconds: float | None = None
    is_garbage: bool = False
    after_effect: bool = False
    duplicate: int = 0
    finish: str = ""
    is_reordered: bool = False
    left: int = 1
    id: int = 0

    def matches(self, path: str) -> bool:
        """Whether it is meant for this path."""
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return path == self.path


class Faults:
    """The faults that are on, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = count(1)

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on."""
        fault.id = next(self._ids)
        self._faults.append(fault)
        return fault

    def take(self, path: str) -> Fault | None:
        """Use the oldest fault for this path once."""
        for fault in self._faults:
            if fault.matches(path):
                fault.left -= 1
                if fault.left <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def all(self) -> list[Fault]:
        """List the faults that are on."""
        return list(self._faults)

    def remove(self, fault_id: int | None) -> None:
        """Switch one off, or all."""
        self._faults = [] if fault_id is None else [x for x in self._faults if x.id != fault_id]
