"""Coupons as a phone shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wxapp_backend.features.coupons.domain.specs import Coupon, terms
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx


@dataclass(frozen=True, slots=True)
class CouponFacts:
    """All that a phone needs to show one coupon.

    Attributes:
        discount_fen: for `amount_off`, what comes off; None otherwise.
        percent_off: for `percent_off`, 12 means 12 % off; None otherwise.
        gift: for `gift`, what is handed out; None otherwise.
        stores: names of the stores where it is valid; empty: all.
        terms: sentences in the order in which they are read.
    """

    id: str
    title: str
    kind: str
    state: str
    valid_from: datetime
    valid_until: datetime
    threshold_fen: int
    discount_fen: int | None
    percent_off: int | None
    max_off_fen: int | None
    gift: str | None
    stores: list[str]
    terms: list[str]
    source: str | None
    used_at: datetime | None


def present(tx: Tx, coupons: Iterable[Coupon]) -> list[CouponFacts]:
    """Return the coupons in their order, with one query for the names of stores."""
    chosen = list(coupons)
    limited = any(coupon.spec.stores for coupon in chosen)
    names = {store.id: store.name for store in stores.list_stores(tx)} if limited else {}
    return [_facts(coupon, names) for coupon in chosen]


def _facts(coupon: Coupon, names: dict[str, str]) -> CouponFacts:
    spec = coupon.spec
    here = [names[store_id] for store_id in spec.stores if store_id in names]
    return CouponFacts(
        id=coupon.id,
        title=spec.title,
        kind=spec.kind,
        state=coupon.state,
        valid_from=coupon.valid_from,
        valid_until=coupon.valid_until,
        threshold_fen=spec.threshold_fen,
        discount_fen=spec.amount_off_fen or None,
        percent_off=spec.percent_off or None,
        max_off_fen=spec.max_off_fen,
        gift=spec.gift or None,
        stores=here,
        terms=terms(spec, here),
        source=coupon.source,
        used_at=coupon.used_at,
    )
