"""Giving coupons out, against a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.invariants import assert_coupons_agree
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.coupons.models import CouponRow, Template
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.outbox.rows import EventRow
from wxapp_backend.kernel.errors import NotFound

ADA, BEN = "ada", "ben"


def spec(**changes: object) -> coupons.CouponSpec:
    """Return ¥20 off from ¥100 for 30 days, with `changes`."""
    fields: dict[str, object] = {
        "title": "新人立减券",
        "kind": "amount_off",
        "amount_off_fen": 2000,
        "threshold_fen": 10000,
        "valid_days": 30,
    }
    return coupons.CouponSpec(**(fields | changes))  # type: ignore[arg-type] # one test's fields


def issue(tx: Tx, template_id: str, cause: str, person_id: str = ADA) -> coupons.Coupon:
    """Give a coupon for `cause`."""
    return coupons.issue(tx, template_id, person_id=person_id, cause=cause, source="王**推荐")


def count(db: Database, table: type[CouponRow | EventRow]) -> int:
    """Return the number of rows of a table."""
    statement = select(func.count()).select_from(table)
    return db.read(lambda tx: tx.session.scalar(statement) or 0)


def test_the_same_spec_is_one_template_and_a_changed_one_another(tx: Tx) -> None:
    """Templates are versions: what coupons are worth never changes behind them."""
    first = coupons.ensure_template(tx, "welcome", spec())

    assert coupons.ensure_template(tx, "welcome", spec()) == first
    assert coupons.ensure_template(tx, "welcome", spec(amount_off_fen=3000)) != first


def test_a_coupon_says_what_it_is(tx: Tx) -> None:
    """The issued coupon carries its terms, its time and its source."""
    template = coupons.ensure_template(tx, "welcome", spec())

    coupon = issue(tx, template, "c")

    assert coupon == coupons.get_own(tx, ADA, coupon.id)
    assert (coupon.state, coupon.source, coupon.spec) == ("available", "王**推荐", spec())
    assert coupon.valid_until.astimezone(None) - tx.now >= timedelta(days=30)
    with pytest.raises(NotFound):
        coupons.get_own(tx, BEN, coupon.id)


def test_one_cause_gives_one_coupon(db: Database) -> None:
    """A repetition returns the first coupon and takes nothing more from the stock."""
    template = db.run(lambda tx: coupons.ensure_template(tx, "welcome", spec(stock=5)))

    ids = {db.run(lambda tx: issue(tx, template, "same").id) for _ in range(3)}

    assert len(ids) == 1
    assert db.read(lambda tx: tx.session.get_one(Template, template).issued) == 1
    assert count(db, EventRow) == 1


def test_the_last_coupon_goes_to_one_of_a_hundred(db: Database) -> None:
    """A hundred claims at once for the last coupon: one gets it, the rest read that it is gone."""
    template = db.run(lambda tx: coupons.ensure_template(tx, "rare", spec(stock=1)))

    def claim(number: int) -> str:
        try:
            db.run(lambda tx: issue(tx, template, f"cause-{number}", f"person-{number}"))
        except coupons.SoldOut as refusal:
            return refusal.code
        return "issued"

    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(claim, range(100)))

    assert sorted(answers) == ["issued"] + ["sold_out"] * 99
    db.read(assert_coupons_agree)
    assert count(db, CouponRow) == 1
    assert count(db, EventRow) == 1


def test_retries_of_the_claim_that_got_the_last_coupon_see_it(db: Database) -> None:
    """Simultaneous repetitions of one cause all get the one coupon, never a refusal."""
    template = db.run(lambda tx: coupons.ensure_template(tx, "rare", spec(stock=1, per_person=1)))

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: db.run(lambda tx: issue(tx, template, "same").id), range(8)))

    assert len(ids) == 1
    assert count(db, CouponRow) == 1
    db.read(assert_coupons_agree)


def test_a_person_gets_no_more_than_allowed(db: Database) -> None:
    """The allowance holds under simultaneous claims, and a refusal leaves the stock alone."""
    template = db.run(lambda tx: coupons.ensure_template(tx, "one", spec(stock=10, per_person=2)))

    def claim(number: int) -> bool:
        try:
            db.run(lambda tx: issue(tx, template, f"cause-{number}"))
        except coupons.CouponLimitReached:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(claim, range(6))) == 2
    db.read(assert_coupons_agree)
    assert db.read(lambda tx: tx.session.get_one(Template, template).issued) == 2
    assert db.run(lambda tx: issue(tx, template, "other", BEN)).person_id == BEN


def test_a_voided_coupon_is_void_once(tx: Tx) -> None:
    """Taking a coupon back works once and shows as void."""
    coupon = issue(tx, coupons.ensure_template(tx, "welcome", spec()), "c")

    assert coupons.void(tx, coupon.id, reason="订单已退款")
    assert not coupons.void(tx, coupon.id, reason="订单已退款")
    assert coupons.get(tx, coupon.id).state == "void"


def test_a_coupon_for_later_is_pending_until_then(tx: Tx) -> None:
    """A coupon that is held back shows its first day."""
    template = coupons.ensure_template(tx, "welcome", spec())
    later = tx.now + timedelta(days=7)

    coupon = coupons.issue(tx, template, person_id=ADA, cause="c", valid_from=later)
    assert (coupon.state, coupon.valid_from) == ("pending", later)

    tx.now = later
    assert coupons.get(tx, coupon.id).state == "available"


def test_a_template_past_its_last_day_gives_nothing(tx: Tx) -> None:
    """No coupon is born expired."""
    yesterday = tx.now.date() - timedelta(days=1)
    template = coupons.ensure_template(tx, "old", spec(valid_days=None, ends_on=yesterday))

    with pytest.raises(coupons.CouponExpired):
        issue(tx, template, "c")
    assert coupons.list_for(tx, ADA) == ([], None)


def test_the_wallet_shows_what_ends_soonest_first_and_pages_without_gaps(tx: Tx) -> None:
    """Usable ones by their end, then the rest, newest first, whatever the page's size."""
    ids = {}
    for days in (20, 5, 10):
        template = coupons.ensure_template(tx, f"{days} days", spec(valid_days=days))
        ids[days] = issue(tx, template, f"c{days}").id
        tx.now += timedelta(seconds=1)
    for name in ("void 1", "void 2"):
        tx.now += timedelta(seconds=1)
        ids[name] = issue(tx, coupons.ensure_template(tx, "w", spec()), name).id  # type: ignore[index] # both kinds of names
        coupons.void(tx, ids[name], reason="")  # type: ignore[index] # same
    expected = [ids[key] for key in (5, 10, 20, "void 2", "void 1")]  # type: ignore[index] # same

    for size in (1, 2, 3, 4, 5, 9):
        seen: list[str] = []
        cursor = None
        while True:
            page, cursor = coupons.list_for(tx, ADA, cursor=cursor, limit=size)
            seen += [coupon.id for coupon in page]
            if cursor is None:
                break
        assert seen == expected
