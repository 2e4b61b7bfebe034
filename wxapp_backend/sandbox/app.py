"""The sandbox's web application: WeChat's paths and the phones' side in one place."""

import json
import secrets

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from wxapp_backend.sandbox import page_routes
from wxapp_backend.sandbox.phones import friends, routes, world_routes
from wxapp_backend.sandbox.phones.errors import NoSuchThing, PhoneError
from wxapp_backend.sandbox.wechat.call import Call, Picture, Upload
from wxapp_backend.sandbox.wechat.gate import PREFIXES, answer
from wxapp_backend.sandbox.world import World

LARGEST_BODY_BYTES = 20 * 1024 * 1024


def create_app(world: World) -> Flask:
    """Build the application of one world."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]  # as above
    app.register_blueprint(routes.make_blueprint(world))
    app.register_blueprint(world_routes.make_blueprint(world))
    app.register_blueprint(friends.make_blueprint(world))
    app.register_blueprint(page_routes.make_blueprint(world))
    for prefix in PREFIXES:
        app.add_url_rule(
            f"/{prefix}/<path:rest>",
            endpoint=f"wechat-{prefix}",
            view_func=lambda **_: _answer_wechat(world),
            methods=["GET", "POST", "PUT", "DELETE"],
        )
    app.register_error_handler(PhoneError, _phone_error)
    app.register_error_handler(404, lambda _: _phone_error(NoSuchThing("没有这个地址")))
    app.register_error_handler(HTTPException, _http_error)
    return app


def _answer_wechat(world: World) -> Response:
    """Hand a request to WeChat's side."""
    # The body first: once a form was parsed, a JSON body sent under a form's type would be gone.
    body = request.get_data()
    file = next(iter(request.files.values()), None)
    upload = None
    if file:
        upload = Upload(file.filename or "", file.read(), file.mimetype)
    call = Call(
        method=request.method,
        path=request.path,
        query=request.args.to_dict(),
        body=b"" if file else body,
        upload=upload,
        address=request.remote_addr or "127.0.0.1",
    )
    result = answer(world, call)
    if isinstance(result, Picture):
        return Response(result.content, status=result.status, mimetype=result.mimetype)
    text = json.dumps(result, ensure_ascii=False)
    return Response(text, mimetype="application/json; encoding=utf-8")


def _phone_error(error: PhoneError) -> tuple[dict[str, object], int]:
    return _error(error.code, error.message, error.details), error.status


def _http_error(error: HTTPException) -> tuple[dict[str, object], int]:
    return _error("refused", error.name, {}), error.code or 500


def _error(code: str, message: str, details: dict[str, object]) -> dict[str, object]:
    return {
        "error": {"code": code, "message": message, "details": details},
        "request_id": secrets.token_hex(8),
    }
