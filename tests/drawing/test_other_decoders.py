"""Other decoders than Pillow's see the very pixels of a usual JPEG in a spliced one."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.drawing.test_splicing import ROOT, people
from wxapp_backend.drawing import Renderer, Template, list_templates
from wxapp_backend.drawing.jpeg import encode

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DJPEG = shutil.which("djpeg")

# Draws both pictures of each pair on a canvas and writes down how many channels differ, all in the
# page's load event: what the browser dumps comes after it.
PAGE = """<!doctype html><pre id="told"></pre>PICTURES<script>
const pixels = (image) => {
  const canvas = document.createElement("canvas")
  canvas.width = image.naturalWidth
  canvas.height = image.naturalHeight
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  pen.drawImage(image, 0, 0)
  return pen.getImageData(0, 0, canvas.width, canvas.height).data
}
addEventListener("load", () => {
  const told = []
  for (let i = 0; i < document.images.length; i += 2) {
    const [a, b] = [pixels(document.images[i]), pixels(document.images[i + 1])]
    let differing = Math.abs(a.length - b.length)
    for (let at = 0; at < a.length; at++) differing += a[at] !== b[at]
    told.push(differing)
  }
  document.getElementById("told").textContent = JSON.stringify(told)
})
</script>"""


def pairs(template: Template) -> list[tuple[bytes, bytes]]:
    """Answer sixteen people's spliced posters of every size, each with the usual JPEG of it."""
    renderer = Renderer()
    found = []
    for size in template.sizes:
        wanted = (size.width, size.height)
        for content in people(template):
            whole = encode(renderer.picture(template, content, size=wanted), restarts=False)
            found.append((renderer.render(template, content, size=wanted).data, whole))
    return found


TEMPLATES = [pytest.param(each, id=each.name) for each in list_templates(ROOT) if not each.is_print]


@pytest.mark.skipif(DJPEG is None, reason="djpeg is not installed (libjpeg-turbo-progs)")
@pytest.mark.parametrize("template", TEMPLATES)
def test_djpeg_sees_no_difference(template: Template) -> None:
    """The reference decoder's output is the same file."""
    assert DJPEG is not None
    for spliced, usual in pairs(template):
        one, other = (
            subprocess.run(  # noqa: S603 - a tool of this machine
                [DJPEG, "-ppm"], input=data, capture_output=True, check=True
            ).stdout
            for data in (spliced, usual)
        )
        assert len(one) > len(spliced)
        assert one == other


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("template", TEMPLATES)
def test_chromium_sees_no_difference(template: Template, tmp_path: Path) -> None:
    """What a browser draws has the same pixels."""
    assert CHROMIUM is not None
    found = pairs(template)
    pictures = "".join(
        f'<img src="data:image/jpeg;base64,{base64.b64encode(data).decode()}">'
        for pair in found
        for data in pair
    )
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("PICTURES", pictures))
    done = subprocess.run(  # noqa: S603 - a tool of this machine
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}/p",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told = done.stdout.split('<pre id="told">')[1].split("</pre>")[0]
    assert json.loads(told) == [0] * len(found)
