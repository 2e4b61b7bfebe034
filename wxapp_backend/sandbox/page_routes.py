"""The page at `/`: its files as they are, without a build step, and what runs on its phones."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, send_from_directory

from wxapp_backend.sandbox.phones.bodies import Body
from wxapp_backend.sandbox.phones.errors import NotValid
from wxapp_backend.sandbox.world import World

_FOLDER = Path(__file__).parent / "page"
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def make_blueprint(world: World) -> Blueprint:
    """Build the blueprint; browsers ask again each time whether a file has changed."""
    blueprint = Blueprint("page", __name__)

    @blueprint.get("/")
    def page() -> Response:
        return send_from_directory(_FOLDER, "index.html", max_age=0)

    @blueprint.get("/_page/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(_FOLDER, name, max_age=0)

    @blueprint.post("/_mini-program")
    def run_mini_program() -> dict[str, object]:
        """Learn where the mini-program runs in a browser, as soon as it does."""
        url = Body.of(request).allow("url").text("url", "", longest=200)
        if url and not _is_here(url):
            raise NotValid("小程序只能在这台电脑上运行", url="http:// and a loopback address")
        with world.lock:
            world.mini_program = url
        return {"url": url}

    return blueprint


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _HERE
