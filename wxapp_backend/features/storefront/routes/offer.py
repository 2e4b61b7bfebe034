"""Which features this server has, told by its routes."""

from __future__ import annotations

import re

from flask import Flask

from wxapp_backend.infra.http.blueprint import Blueprint

_VARIABLE = re.compile(r"<[^>]+>")

_NEEDED = {
    "referrals": "/api/v1/claims",
    "posters": "/api/v1/posters",
    "coupons": "/api/v1/me/coupons",
    "points": "/api/v1/me/points",
    "points_statement": "/api/v1/me/points/statement",
    "visits": "/api/v1/me/visits",
    "reviews": "/api/v1/reviews",
    "inbox": "/api/v1/me/inbox",
    "subscriptions": "/api/v1/me/subscriptions",
    "avatar": "/api/v1/me/avatar",
    "phone": "/api/v1/me/phone",
    "customer_token": "/api/v1/me/token",
    "stores": "/api/v1/stores",
    "consents": "/api/v1/me/consents",
    "export": "/api/v1/me/export",
    "erase": "/api/v1/me",
    "staff": "/api/v1/staff/visits",
    "staff_scan": "/api/v1/staff/scan",
    "undo": "/api/v1/staff/redemptions/<>/undo",
}
"""A feature is offered when its address is answered."""


class Offer:
    """The features of the application that a blueprint is part of."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._app: Flask | None = None
        blueprint.record_once(lambda state: setattr(self, "_app", state.app))

    def features(self) -> dict[str, bool]:
        """Return each feature and whether it is offered."""
        rules = self._app.url_map.iter_rules() if self._app else ()
        answered = {_VARIABLE.sub("<>", rule.rule) for rule in rules}
        return {name: address in answered for name, address in _NEEDED.items()}
