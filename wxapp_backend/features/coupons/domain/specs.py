"""Rules of coupons: what a template says, what a coupon takes off, when and where it is valid."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from wxapp_backend.kernel.days import SHANGHAI, bounds_of, day_of
from wxapp_backend.kernel.money import MAX_FEN, percent_of, yuan

Kind = Literal["amount_off", "percent_off", "gift"]
State = Literal["available", "pending", "used", "expired", "void"]

STORED_STATES = ("available", "used", "expired", "void")
"""A coupon that is not yet valid is stored as `available` and shown as `pending`."""

_MAX_TITLE = 30
_MAX_DAYS = 730
_MAX_PERCENT = 100
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponSpec:
    """What coupons of one template are worth, and under which terms.

    Attributes:
        amount_off_fen: for `amount_off`, what comes off the bill.
        percent_off: for `percent_off`, 12 means 12 % off (88 折).
        max_off_fen: the most that `percent_off` takes off; None: no limit.
        gift: for `gift`, what is handed out.
        threshold_fen: the smallest order for which the coupon can be used; 0: any.
        valid_days: days after issue, the last one counts to its end; or else:
        starts_on: first valid day in Asia/Shanghai; None: at once.
        ends_on: last valid day in Asia/Shanghai.
        stores: ids of the stores where it is valid; empty: all.
        per_person: the most that one person may get; None: no limit.
        stock: the most that are given out at all; None: no limit.

    Raises:
        ValueError: the fields do not fit together; the text names the field.
    """

    title: str
    kind: Kind
    amount_off_fen: int = 0
    percent_off: int = 0
    max_off_fen: int | None = None
    gift: str = ""
    threshold_fen: int = 0
    valid_days: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    stores: tuple[str, ...] = ()
    per_person: int | None = None
    stock: int | None = None

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))

    def _faults(self) -> list[str]:
        checks = (
            (not 0 < len(self.title) <= _MAX_TITLE, "title: needs 1 to 30 characters"),
            (
                (self.kind == "amount_off") != (0 < self.amount_off_fen <= MAX_FEN),
                "amount_off_fen: positive for amount_off, absent otherwise",
            ),
            (
                (self.kind == "percent_off") != (0 < self.percent_off <= _MAX_PERCENT),
                "percent_off: 1 to 100 for percent_off, absent otherwise",
            ),
            (
                self.max_off_fen is not None
                and (self.kind != "percent_off" or self.max_off_fen <= 0),
                "max_off_fen: positive, and only for percent_off",
            ),
            ((self.kind == "gift") != bool(self.gift), "gift: named for gift, absent otherwise"),
            (not 0 <= self.threshold_fen <= MAX_FEN, "threshold_fen: 0 or more"),
            (
                (self.valid_days is None) == (self.ends_on is None),
                "valid_days, ends_on: give exactly one of them",
            ),
            (
                self.valid_days is not None and not 0 < self.valid_days <= _MAX_DAYS,
                "valid_days: 1 to 730",
            ),
            (
                self.starts_on is not None
                and self.ends_on is not None
                and self.starts_on > self.ends_on,
                "starts_on: not after ends_on",
            ),
            (self.per_person is not None and self.per_person < 1, "per_person: 1 or more"),
            (self.stock is not None and self.stock < 0, "stock: 0 or more"),
        )
        return [text for failed, text in checks if failed]


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon of one person, as of one instant.

    Attributes:
        cause: what it was issued for, unique.
        source: whom or what the customer has it from, e.g. `王**推荐`.
    """

    id: str
    template_id: str
    person_id: str
    cause: str
    source: str | None
    state: State
    valid_from: datetime
    valid_until: datetime
    used_at: datetime | None
    spec: CouponSpec


def as_json(spec: CouponSpec) -> dict[str, Any]:
    """Return the spec as it is stored."""
    content = asdict(spec)
    content["stores"] = list(spec.stores)
    for name in ("starts_on", "ends_on"):
        content[name] = content[name].isoformat() if content[name] else None
    return content


def from_json(content: dict[str, Any]) -> CouponSpec:
    """Return the spec that `as_json` wrote."""
    dates = {
        name: date.fromisoformat(content[name]) if content[name] else None
        for name in ("starts_on", "ends_on")
    }
    return CouponSpec(**(content | dates | {"stores": tuple(content["stores"])}))


def fingerprint(spec: CouponSpec) -> str:
    """Return what tells two specs apart."""
    canonical = json.dumps(as_json(spec), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def validity(
    spec: CouponSpec, issued_at: datetime, not_before: datetime
) -> tuple[datetime, datetime]:
    """Return the first and the last instant at which a coupon issued now can be used."""
    start = max(issued_at, not_before)
    if spec.starts_on is not None:
        start = max(start, bounds_of(spec.starts_on)[0])
    last_day = spec.ends_on
    if last_day is None:
        last_day = day_of(start) + timedelta(days=spec.valid_days or 0)
    return start, datetime.combine(last_day, _LAST_SECOND, SHANGHAI)


def discount(spec: CouponSpec, order_amount_fen: int) -> int:
    """Return what the coupon takes off this order, in fen; never more than the order."""
    match spec.kind:
        case "amount_off":
            return min(spec.amount_off_fen, order_amount_fen)
        case "percent_off":
            off = percent_of(order_amount_fen, spec.percent_off)
            return off if spec.max_off_fen is None else min(off, spec.max_off_fen)
        case "gift":
            return 0


def shown_state(stored: str, valid_from: datetime, valid_until: datetime, now: datetime) -> State:
    """Return the state as of `now`, also when the expiry job has not yet run."""
    match stored:
        case "used":
            return "used"
        case "void":
            return "void"
        case "available" if now <= valid_until:
            return "pending" if now < valid_from else "available"
        case _:
            return "expired"


def terms(spec: CouponSpec, store_names: list[str]) -> list[str]:
    """Say the terms as sentences for the customer."""
    sentences = [
        f"单笔消费满 {yuan(spec.threshold_fen)} 可用。"
        if spec.threshold_fen
        else "没有消费门槛，到店即可使用。"
    ]
    match spec.kind:
        case "amount_off":
            sentences.append(f"结账时直接减 {yuan(spec.amount_off_fen)}，不找零、不兑现。")
        case "percent_off":
            most = f"，最多减 {yuan(spec.max_off_fen)}" if spec.max_off_fen else ""
            sentences.append(f"结账时享 {fold(spec.percent_off)}{most}。")
        case "gift":
            sentences.append(f"到店可领{spec.gift}一份。")
    where = f"仅限{'、'.join(store_names)}使用。" if store_names else "全部门店通用。"
    return [*sentences, where, "请在结账前向店员出示券码，每笔消费限用一张。"]


def fold(percent_off: int) -> str:
    """Write a percentage off as Chinese shops do: 12 → `8.8 折`, 20 → `8 折`, 100 → `免单`."""
    left = _MAX_PERCENT - percent_off
    if left == 0:
        return "免单"
    whole, rest = divmod(left, 10)
    return f"{whole}.{rest} 折" if rest else f"{whole} 折"
