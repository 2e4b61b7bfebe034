"""A sandbox on a free port with a backend that takes its callbacks."""

from collections.abc import Callable, Iterator

import pytest

from tests.sandbox.driver import Driver
from tests.sandbox.receiver import Receiver
from wxapp_backend.sandbox import server
from wxapp_backend.sandbox.options import Mode, Options

Starter = Callable[..., Driver]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Listen for callbacks."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def start(receiver: Receiver) -> Iterator[Starter]:
    """Start sandboxes that speak to the receiver and stop them afterwards."""
    handles: list[server.Handle] = []

    def starter(mode: Mode = "safe", *, seconds: float = 5.0, backend: str = "") -> Driver:
        options = Options(
            backend=backend or receiver.url,
            mode=mode,
            callback_seconds=seconds,
            retry_pause_seconds=0.01,
        )
        handles.append(server.start(options=options))
        return Driver(handles[-1].url)

    yield starter
    for handle in handles:
        handle.stop()


@pytest.fixture
def sandbox(start: Starter) -> Driver:
    """Start a sandbox in safe mode."""
    return start()
