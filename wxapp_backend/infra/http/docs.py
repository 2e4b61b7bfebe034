"""The API's description at /openapi.json and its page at /docs, with assets from a package."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui  # type: ignore[import-untyped] # ships no types
from apiflask import APIFlask
from flask import Blueprint, Response, abort, send_from_directory

SPEC_PATH = "/openapi.json"
DOCS_PATH = "/docs"

_FOLDER = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = {
    "SWAGGER_UI_CSS": "swagger-ui.css",
    "SWAGGER_UI_BUNDLE_JS": "swagger-ui-bundle.js",
    "SWAGGER_UI_STANDALONE_PRESET_JS": "swagger-ui-standalone-preset.js",
    "DOCS_FAVICON": "favicon-32x32.png",
}


def describe(app: APIFlask) -> None:
    """Serve the page's assets ourselves, so that it works with no internet."""
    app.config["SECURITY_SCHEMES"] = {
        "session": {"type": "http", "scheme": "bearer", "description": "from POST /sessions"},
        "apiKey": {"type": "http", "scheme": "bearer", "description": "an API key"},
    }
    for option, name in _ASSETS.items():
        app.config[option] = f"{DOCS_PATH}/assets/{name}"
    assets = Blueprint("docs_assets", __name__)

    @assets.get(f"{DOCS_PATH}/assets/<name>")
    def asset(name: str) -> Response:
        if name not in _ASSETS.values():
            abort(404)
        return send_from_directory(_FOLDER, name, max_age=86400)

    app.register_blueprint(assets)
