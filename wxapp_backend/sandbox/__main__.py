"""`python -m wxapp_backend.sandbox`: the offline WeChat as a program of its own."""

import argparse
import ipaddress
import logging
import sys
from pathlib import Path

from wxapp_backend.sandbox.options import MODES, Options
from wxapp_backend.sandbox.released_pages import RELEASED_PAGES, read_pages
from wxapp_backend.sandbox.server import LOOPBACK, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; refuses any address that others can reach."""
    given = _parser().parse_args(arguments)
    if not _is_loopback(given.host):
        sys.stderr.write("The sandbox lends out accounts without a password: loopback only.\n")
        return 2
    # The queue depth that waitress reports under load is no news to anyone.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    options = Options(
        backend=given.backend.rstrip("/"),
        mode=given.mode,
        link_prefix=given.link_prefix,
        link_page=given.link_page,
        pages=read_pages(given.app_json) if given.app_json else RELEASED_PAGES,
        mini_program=given.miniprogram,
    )
    sys.stdout.write(f"WeChat sandbox at http://{given.host}:{given.port}\n")
    sys.stdout.flush()
    try:
        serve(options, host=given.host, port=given.port)
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m wxapp_backend.sandbox",
        description="An offline WeChat: its server API, its callbacks and people's phones.",
    )
    parser.add_argument("--port", type=int, default=9000, help="port to listen on (9000)")
    parser.add_argument("--host", default=LOOPBACK, help="loopback address (127.0.0.1)")
    parser.add_argument(
        "--backend", default=Options().backend, help="base URL that receives the callbacks"
    )
    parser.add_argument("--mode", choices=MODES, default="safe", help="encryption of callbacks")
    parser.add_argument(
        "--link-prefix", default="", help="rule of plain links that open the mini-program"
    )
    parser.add_argument("--link-page", default=Options().link_page, help="page such a link opens")
    parser.add_argument(
        "--miniprogram", default="", help="address where the mini-program runs in a browser"
    )
    parser.add_argument("--app-json", type=Path, help="app.json of the released mini-program")
    return parser


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    sys.exit(main())
