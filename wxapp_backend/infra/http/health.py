"""What operators and load balancers ask: alive, ready, how busy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline
from wxapp_backend.infra.http.shapes import Output

Check = Callable[[], bool]


class Health(Output):
    """Alive."""

    status: str


class Readiness(Output):
    """Whether requests can be served, and how each part does."""

    ready: bool
    checks: dict[str, str]


def make_blueprint(
    pipeline: Pipeline,
    registry: CollectorRegistry,
    *,
    needed: Mapping[str, Check],
    watched: Mapping[str, Check],
) -> Blueprint:
    """Build the blueprint; `needed` checks decide readiness, `watched` ones are only reported."""
    blueprint = Blueprint("health", __name__, tag="Operation")

    @blueprint.get("/healthz")
    @blueprint.output(Health)
    @blueprint.doc(summary="Is the process alive?")
    @pipeline.public(transaction=False)
    def alive() -> Health:
        return Health(status="ok")

    @blueprint.get("/readyz")
    @blueprint.output(Readiness)
    @blueprint.doc(summary="Can requests be served?")
    @pipeline.public(transaction=False)
    def ready() -> tuple[Readiness, int]:
        musts = {name: _holds(check) for name, check in needed.items()}
        mays = {name: _holds(check) for name, check in watched.items()}
        checks = {name: "ok" if good else "failed" for name, good in musts.items()}
        checks |= {name: "ok" if good else "degraded" for name, good in mays.items()}
        is_ready = all(musts.values())
        return Readiness(ready=is_ready, checks=checks), 200 if is_ready else 503

    @blueprint.get("/metrics")
    @blueprint.doc(summary="Metrics in Prometheus' text format")
    @pipeline.public(transaction=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _holds(check: Check) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 # whatever ails it, the answer is "no"
        return False
