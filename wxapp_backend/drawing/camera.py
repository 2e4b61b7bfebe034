"""A rough camera: what a phone in a hand makes of a poster on another screen or on paper.

Needs numpy and OpenCV, which only the damage gate installs; both are handed in.
"""

from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Any


@dataclass(frozen=True, slots=True)
class Severity:
    """How bad the view is: degrees, factors, px of blur, noise in grey levels, JPEG quality."""

    tilt: float
    turn: float
    scale: float
    blur: float
    contrast: float
    noise: float
    quality: int
    moire: float


SEVERITIES = {
    1: Severity(5, 3, 0.9, 0.5, 0.9, 2, 80, 0),
    2: Severity(12, 10, 0.75, 0.8, 0.8, 4, 65, 0.05),
    3: Severity(20, 20, 0.6, 1.0, 0.7, 6, 50, 0.10),
    4: Severity(28, 45, 0.5, 1.2, 0.6, 9, 40, 0.15),
}
_GROUND = (60, 60, 60)
# The camera stands this many picture heights away.
_DISTANCE = 1.4
_SOFTENED_BELOW = 0.8


class Camera:
    """Takes pictures of arrays (height, width, 3) with a seeded hand."""

    def __init__(self, numpy: Any, cv2: Any) -> None:
        self._np = numpy
        self._cv2 = cv2

    def take(self, picture: Any, severity: Severity, seed: int) -> Any:
        """Answer the picture as taken; the same seed gives the same view."""
        np, cv2 = self._np, self._cv2
        hand = np.random.default_rng(seed)
        view = self._warped(picture, severity, hand).astype(np.float32)
        if severity.moire:
            view = self._moire(view, severity.moire, hand)
        dull = (1 - severity.contrast) * 2
        slope = np.linspace(-1, 1, view.shape[1], dtype=np.float32)[None, :, None]
        light = slope * hand.uniform(-25, 25) * dull + hand.uniform(-40, 30) * dull
        view = (view - 128) * severity.contrast + 128 + light
        view = cv2.GaussianBlur(view, (0, 0), severity.blur)
        view += hand.normal(0, severity.noise, view.shape).astype(np.float32)
        return self._compressed(np.clip(view, 0, 255).astype(np.uint8), severity.quality)

    def _compressed(self, view: Any, quality: int) -> Any:
        cv2 = self._cv2
        _, data = cv2.imencode(".jpg", view, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return cv2.imdecode(data, 1)

    def _warped(self, picture: Any, severity: Severity, hand: Any) -> Any:
        """Tilt, turn and scale in perspective."""
        np, cv2 = self._np, self._cv2
        height, width = picture.shape[:2]
        tilt = severity.tilt
        across, along = radians(hand.uniform(-tilt, tilt)), radians(hand.uniform(-tilt, tilt))
        turn = radians(hand.uniform(-severity.turn, severity.turn))
        about_x = [[1, 0, 0], [0, cos(across), -sin(across)], [0, sin(across), cos(across)]]
        about_y = [[cos(along), 0, sin(along)], [0, 1, 0], [-sin(along), 0, cos(along)]]
        about_z = [[cos(turn), -sin(turn), 0], [sin(turn), cos(turn), 0], [0, 0, 1]]
        corners = np.array([[0, 0, 0], [width, 0, 0], [width, height, 0], [0, height, 0]], float)
        middle = np.array([width / 2, height / 2, 0])
        turned = (np.array(about_z) @ about_y @ about_x @ (corners - middle).T).T
        distance = _DISTANCE * height
        seen = turned[:, :2] * (distance / (distance + turned[:, 2]))[:, None] * severity.scale
        seen -= seen.min(0)
        size = np.ceil(seen.max(0)).astype(int) + 1
        matrix = cv2.getPerspectiveTransform(
            corners[:, :2].astype(np.float32), seen.astype(np.float32)
        )
        if severity.scale < _SOFTENED_BELOW:
            picture = cv2.GaussianBlur(picture, (0, 0), 0.35 / severity.scale)
        size_px = (int(size[0]), int(size[1]))
        return cv2.warpPerspective(
            picture, matrix, size_px, flags=cv2.INTER_LINEAR, borderValue=_GROUND
        )

    def _moire(self, view: Any, strength: float, hand: Any) -> Any:
        """Add the bands of a screen's own grid, a little different for each colour."""
        np = self._np
        height, width = view.shape[:2]
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        for channel in range(3):
            across = hand.uniform(0.02, 0.12) + channel * 0.003
            down = hand.uniform(0.02, 0.12)
            broad = np.sin(2 * pi * (across * columns + down * rows))
            fine = np.sin(2 * pi * (0.31 * columns - 0.07 * rows + channel * 0.3))
            view[..., channel] *= 1 + strength * broad + strength * 0.6 * fine
        return view
