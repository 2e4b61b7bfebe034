"""The page behind a plain link, for those whom WeChat did not take into the mini-program.

It informs and offers nothing: WeChat's rules for external pages are stricter than those for
mini-programs (WeChat: 微信外部链接内容管理规范).
"""

from __future__ import annotations

from flask import Response, render_template_string

from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.storefront.api import Front
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ brand.name }}</title>
<style>
  :root { color-scheme: light dark; --brand: {{ brand.colour }}; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center;
         font: 17px/1.7 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif;
         background: #faf6f1; color: #2d2320; }
  main { box-sizing: border-box; width: min(92vw, 400px); padding: 40px 28px; border-radius: 20px;
         background: #fff; text-align: center; box-shadow: 0 12px 40px #5a2d1414; }
  h1 { margin: 0 0 4px; font-size: 26px; color: var(--brand); }
  p { margin: 12px 0; }
  b { display: inline-block; padding: 6px 18px; border-radius: 12px; background: #f6eee6;
      font: 600 24px/1.5 ui-monospace, Menlo, monospace; letter-spacing: .12em; }
  small { color: #75655d; }
  @media (prefers-color-scheme: dark) {
    body { background: #1d1816; color: #f0e7e1; } main { background: #2a2320; }
    h1 { color: #fff; } b { background: #3a302b; } small { color: #c4b4ab; }
  }
</style>
</head>
<body>
<main>
  <h1>{{ brand.name }}</h1>
  {% if known %}
  <p>有位朋友把这里推荐给了你。</p>
  <p>请打开微信，用“扫一扫”扫描海报上的码，<br>进入我们的小程序。</p>
  <p>也可以在小程序里输入推荐码</p>
  <p><b>{{ code }}</b></p>
  {% else %}
  <p>这个推荐码没有找到，<br>请和朋友核对一下，或者换一张新海报。</p>
  {% endif %}
  <p><small>{{ brand.address }}<br>{{ brand.hours }}</small></p>
</main>
</body>
</html>
"""


def make_blueprint(pipeline: Pipeline, front: Front) -> Blueprint:
    """Return the route of plain links."""
    blueprint = Blueprint("links", __name__, tag="Storefront")

    @blueprint.get("/r/<code>")
    @blueprint.doc(summary="The page behind a plain link", responses={200: "HTML"})
    @pipeline.public()
    def link(tx: Tx, code: str) -> Response:
        known = referrals.find_by_scene(tx, code) is not None
        page = render_template_string(
            _PAGE, brand=front.settings.brand, code=code.upper(), known=known
        )
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        status = 200 if known else 404
        return Response(page, status, headers, content_type="text/html; charset=utf-8")

    return blueprint
