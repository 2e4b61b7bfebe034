"""How many customer-service messages an account may still send to a person, and until when."""

from dataclasses import dataclass, field

MESSAGE_SECONDS = 48 * 3600  # WeChat: 发送客服消息; 5 within 48 hours of a message
MESSAGE_COUNT = 5
TOUCH_SECONDS = 60  # same page; 3 within a minute of a menu tap, a follow or a scan
TOUCH_COUNT = 3


@dataclass(slots=True)
class _Window:
    ends_at: float
    left: int


@dataclass(slots=True)
class ReplyWindows:
    """The open windows of one person; times are seconds since 1970."""

    _windows: dict[str, _Window] = field(default_factory=dict)

    def open_by_message(self, now: float) -> None:
        """Open a window: the person wrote something."""
        self._windows["message"] = _Window(now + MESSAGE_SECONDS, MESSAGE_COUNT)

    def open_by_touch(self, now: float) -> None:
        """Open a window: the person tapped the menu, followed or scanned."""
        self._windows["touch"] = _Window(now + TOUCH_SECONDS, TOUCH_COUNT)

    def is_open(self, now: float) -> bool:
        """Whether there is a window at all, used up or not."""
        return any(one.ends_at > now for one in self._windows.values())

    def take(self, now: float) -> bool:
        """Use one message, of the window that ends first; False when none is left."""
        for window in sorted(self._windows.values(), key=lambda one: one.ends_at):
            if window.ends_at > now and window.left > 0:
                window.left -= 1
                return True
        return False

    def close(self) -> None:
        """Forget every window: after an unfollow nothing may be sent."""
        self._windows.clear()
