"""Using coupons at the counter, and undoing it, against a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import FakeClock
from tests.factories import make_clerk, make_coupon, make_person, make_store, make_visit
from tests.invariants import assert_coupons_agree, assert_visits_agree
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.coupons.models import RedemptionRow
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.stores import api as stores
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.infra.outbox.rows import EventRow
from wxapp_backend.kernel.days import day_of
from wxapp_backend.kernel.errors import AppError, NotFound

UNDO = timedelta(minutes=10)


@dataclass(frozen=True)
class Counter:
    """A store, its clerk, a customer and the customer's coupon."""

    store_id: str
    clerk_id: str
    person_id: str
    coupon_id: str


def set_up(tx: Tx, **changes: object) -> Counter:
    """Return a counter with a customer in front of it."""
    store_id, person_id = make_store(tx), make_person(tx)
    coupon = make_coupon(tx, person_id, "cause", **changes)
    return Counter(store_id, make_clerk(tx, store_id), person_id, coupon.id)


@pytest.fixture
def counter(db: Database) -> Counter:
    """Return a counter at which ¥20 off from ¥100 is about to be used."""
    return db.run(set_up)


def order(tx: Tx, counter: Counter, amount_fen: int = 12800) -> coupons.NewRedemption:
    """Return what the clerk sends after scanning the coupon's code of the moment."""
    return coupons.NewRedemption(
        token=coupons.show_code(tx, counter.person_id, counter.coupon_id).token,
        store_id=counter.store_id,
        staff_id=counter.clerk_id,
        order_amount_fen=amount_fen,
    )


def snapshot(db: Database, counter: Counter) -> tuple[object, ...]:
    """Return everything that a refusal must leave as it was."""

    def look(tx: Tx) -> tuple[object, ...]:
        rows = tx.session.scalar(select(func.count()).select_from(RedemptionRow))
        events = tx.session.scalar(select(func.count()).select_from(EventRow))
        coupon = coupons.get(tx, counter.coupon_id)
        return coupon.used_at, rows, events, visits.list_for(tx, counter.person_id)

    return db.read(look)


def refused(db: Database, counter: Counter, new: coupons.NewRedemption) -> str:
    """Return the code of the refusal, having seen that it changed nothing."""
    before = snapshot(db, counter)
    with pytest.raises(AppError) as caught:
        db.run(lambda tx: coupons.redeem(tx, new))
    assert snapshot(db, counter) == before
    return caught.value.code


def test_a_redemption_takes_the_discount_off_and_records_the_visit(tx: Tx) -> None:
    """¥128 with ¥20 off: ¥108 are paid, it is visit 1, and the coupon is used."""
    counter = set_up(tx)

    done = coupons.redeem(tx, order(tx, counter))

    assert (done.discount_fen, done.payable_fen) == (2000, 10800)
    assert (done.visit.number, done.visit.amount_fen) == (1, 10800)
    assert (done.coupon.state, done.coupon.used_at) == ("used", tx.now)


def test_a_used_coupon_is_refused(db: Database, counter: Counter) -> None:
    """The second use changes nothing, and the owner gets no code any more."""
    new = db.run(lambda tx: order(tx, counter))
    db.run(lambda tx: coupons.redeem(tx, new))

    assert refused(db, counter, new) == "coupon_used"
    with pytest.raises(coupons.CouponUsed):
        db.read(lambda tx: order(tx, counter))


def test_an_expired_coupon_is_refused(db: Database, counter: Counter, clock: FakeClock) -> None:
    """After the last day neither code nor use is possible, job or no job."""
    new = db.run(lambda tx: order(tx, counter))
    clock.advance(days=31)

    assert refused(db, counter, new) == "coupon_expired"
    db.run(lambda tx: coupons.expire_due(tx, 10))
    assert refused(db, counter, new) == "coupon_expired"
    with pytest.raises(coupons.CouponExpired):
        db.read(lambda tx: order(tx, counter))


def test_an_old_code_is_refused_and_the_one_before_is_taken(
    db: Database, counter: Counter, clock: FakeClock
) -> None:
    """A code holds for its own half minute and the next; then the customer must refresh."""
    new = db.run(lambda tx: order(tx, counter))
    clock.advance(seconds=30)
    late = replace(new, store_id=counter.store_id)
    clock.advance(seconds=30)

    assert refused(db, counter, late) == "token_expired"
    fresh = db.run(lambda tx: order(tx, counter))
    clock.advance(seconds=30)
    assert db.run(lambda tx: coupons.redeem(tx, fresh)).coupon.state == "used"


def test_a_scanned_code_waits_for_the_amount(
    db: Database, counter: Counter, clock: FakeClock
) -> None:
    """After a scan the clerk has five minutes in that store, and no more by scanning again."""
    new = db.run(lambda tx: order(tx, counter))
    db.run(lambda tx: coupons.note_scan(tx, new.token, counter.store_id))
    clock.advance(minutes=4)
    db.run(lambda tx: coupons.note_scan(tx, new.token, counter.store_id))
    elsewhere = db.run(lambda tx: make_store(tx, "城西店"))
    db.run(lambda tx: stores.join(tx, counter.clerk_id, stores.invite(tx, elsewhere, "clerk")))
    assert refused(db, counter, replace(new, store_id=elsewhere)) == "token_expired"

    clock.advance(seconds=59)
    assert db.run(lambda tx: tx.attempt(lambda t: coupons.redeem(t, new))).discount_fen == 2000


def test_a_scan_does_not_live_for_ever(db: Database, counter: Counter, clock: FakeClock) -> None:
    """Six minutes after the scan the code is as old as any other."""
    new = db.run(lambda tx: order(tx, counter))
    db.run(lambda tx: coupons.note_scan(tx, new.token, counter.store_id))
    clock.advance(minutes=6)

    assert refused(db, counter, new) == "token_expired"


@pytest.mark.parametrize("forgery", ["", "YJC", "YJM123", "x" * 52])
def test_a_code_that_we_did_not_sign_is_unknown(
    db: Database, counter: Counter, forgery: str
) -> None:
    """Nothing that is not ours is taken, whatever it looks like."""
    new = db.run(lambda tx: order(tx, counter))

    assert refused(db, counter, replace(new, token=forgery)) == "unknown_token"


def test_a_code_whose_signature_was_changed_is_unknown(db: Database, counter: Counter) -> None:
    """One changed character of the coupon, the time or the signature is enough."""
    new = db.run(lambda tx: order(tx, counter))
    for place in (5, 30, 50):
        letter = "A" if new.token[place] != "A" else "B"
        token = new.token[:place] + letter + new.token[place + 1 :]
        assert refused(db, counter, replace(new, token=token)) == "unknown_token"


def test_nobody_gets_a_code_for_anothers_coupon(tx: Tx) -> None:
    """Another person's coupon looks exactly like a missing one."""
    counter = set_up(tx)

    with pytest.raises(NotFound):
        coupons.show_code(tx, make_person(tx, "Ben"), counter.coupon_id)
    with pytest.raises(NotFound):
        coupons.show_code(tx, counter.person_id, "missing")


def test_a_code_fits_a_coarse_qr(tx: Tx) -> None:
    """Capitals and digits, at most 64, beginning as the mini-program expects; case is free."""
    counter = set_up(tx)
    code = coupons.show_code(tx, counter.person_id, counter.coupon_id)

    assert len(code.token) <= 64
    assert code.token.isalnum()
    assert code.token == code.token.upper()
    assert code.token.startswith("YJC")
    assert timedelta(0) < code.expires_at - tx.now <= timedelta(seconds=30)
    new = replace(order(tx, counter), token=code.token.lower())
    assert coupons.redeem(tx, new).discount_fen == 2000


def test_an_order_below_the_threshold_is_refused(db: Database, counter: Counter) -> None:
    """¥99.99 are not ¥100; the refusal says what is asked for."""
    new = db.run(lambda tx: order(tx, counter, 9999))

    assert refused(db, counter, new) == "threshold_not_met"
    assert db.run(lambda tx: coupons.redeem(tx, order(tx, counter, 10000))).payable_fen == 8000


def test_a_coupon_of_another_store_is_refused(db: Database) -> None:
    """A coupon for one store is not taken in another, where the clerk works too."""
    counter = db.run(lambda tx: set_up(tx, stores=("another",)))

    new = db.run(lambda tx: order(tx, counter))

    assert refused(db, counter, new) == "coupon_not_valid_here"


def test_only_staff_of_the_store_redeem(db: Database, counter: Counter) -> None:
    """The customer, and a clerk of another store, are refused."""
    new = db.run(lambda tx: order(tx, counter))
    other = db.run(lambda tx: make_clerk(tx, make_store(tx, "城西店"), "店员小林"))

    for who in (counter.person_id, other):
        assert refused(db, counter, replace(new, staff_id=who)) == "forbidden"


def test_a_voided_or_coming_coupon_is_refused(db: Database, counter: Counter) -> None:
    """What was taken back cannot be used with a code shown before."""
    new = db.run(lambda tx: order(tx, counter))
    db.run(lambda tx: coupons.void(tx, counter.coupon_id, reason="订单已退款"))

    assert refused(db, counter, new) == "coupon_void"


def test_one_coupon_at_two_stores_at_once_is_used_once(db: Database, counter: Counter) -> None:
    """Of eight simultaneous uses in two stores one succeeds, the rest read that it was used."""
    elsewhere = db.run(lambda tx: make_store(tx, "城西店"))
    db.run(lambda tx: stores.join(tx, counter.clerk_id, stores.invite(tx, elsewhere, "clerk")))
    new = db.run(lambda tx: order(tx, counter))

    def attempt(number: int) -> str:
        place = (counter.store_id, elsewhere)[number % 2]
        try:
            db.run(lambda tx: coupons.redeem(tx, replace(new, store_id=place)))
        except AppError as refusal:
            return refusal.code
        return "redeemed"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(attempt, range(8)))

    assert answers == ["coupon_used"] * 7 + ["redeemed"]
    db.read(assert_coupons_agree)
    db.read(assert_visits_agree)
    assert db.read(lambda tx: visits.count_paid(tx, counter.person_id)) == 1


def test_the_tills_report_of_the_same_order_is_the_same_visit(tx: Tx) -> None:
    """Redeemed with an order number and reported by the till: one visit, in either order."""
    counter = set_up(tx)
    done = coupons.redeem(tx, replace(order(tx, counter), order_no="A1"))

    assert make_visit(tx, counter.person_id, counter.store_id, 12800, "A1").id == done.visit.id

    first = make_visit(tx, counter.person_id, counter.store_id, 15000, "A2")
    later = replace(counter, coupon_id=make_coupon(tx, counter.person_id, "another cause").id)
    second = coupons.redeem(tx, replace(order(tx, later, 15000), order_no="A2"))
    assert (second.visit.id, second.visit.number) == (first.id, 2)
    assert visits.count_paid(tx, counter.person_id) == 2


def test_an_order_takes_one_coupon(db: Database, counter: Counter) -> None:
    """A second coupon on the same order is refused and stays usable."""
    first = db.run(lambda tx: replace(order(tx, counter), order_no="A1"))
    db.run(lambda tx: coupons.redeem(tx, first))
    coupon_id = db.run(lambda tx: make_coupon(tx, counter.person_id, "another cause").id)
    second = replace(counter, coupon_id=coupon_id)

    new = db.run(lambda tx: replace(order(tx, second), order_no="A1"))

    assert refused(db, second, new) == "order_has_coupon"


def test_an_order_number_of_somebody_elses_order_is_refused(db: Database, counter: Counter) -> None:
    """The coupon stays usable when the clerk types the number of another order."""
    db.run(lambda tx: make_visit(tx, make_person(tx, "Ben"), counter.store_id, 12800, "A1"))

    new = db.run(lambda tx: replace(order(tx, counter), order_no="A1"))

    assert refused(db, counter, new) == "validation_failed"


def test_a_gift_is_handed_out_without_a_paid_visit(tx: Tx) -> None:
    """Fetching a gift uses the coupon; nothing was paid, so it is no numbered visit."""
    counter = set_up(tx, kind="gift", gift="招牌小菜", amount_off_fen=0, threshold_fen=0)

    done = coupons.redeem(tx, order(tx, counter, 0))

    assert (done.discount_fen, done.visit.number) == (0, 0)
    assert visits.count_paid(tx, counter.person_id) == 0


def undo(tx: Tx, counter: Counter, redemption_id: str) -> coupons.Undo:
    """Undo as the clerk of the counter."""
    return coupons.undo(tx, redemption_id, staff_id=counter.clerk_id, within=UNDO)


def test_an_undo_restores_the_coupon_and_cancels_the_visit(tx: Tx) -> None:
    """After an undo all is as before, and the corrected visit is the first again."""
    counter = set_up(tx)
    wrong = coupons.redeem(tx, order(tx, counter, 128000))

    assert undo(tx, counter, wrong.id).visit_cancelled

    assert coupons.get(tx, counter.coupon_id).state == "available"
    assert visits.count_paid(tx, counter.person_id) == 0
    right = coupons.redeem(tx, order(tx, counter))
    assert (right.visit.number, right.discount_fen) == (1, 2000)
    names = [each.event.name for each in tx.emitted]
    assert names[-5:] == [
        "coupons.coupon.redeemed",
        "visits.visit.cancelled",
        "coupons.redemption.undone",
        "visits.visit.recorded",
        "coupons.coupon.redeemed",
    ]


def test_an_undo_leaves_what_the_till_has_reported(tx: Tx) -> None:
    """The coupon comes back, but the order that the till knows stays a visit."""
    counter = set_up(tx)
    done = coupons.redeem(tx, replace(order(tx, counter), order_no="A1"))
    make_visit(tx, counter.person_id, counter.store_id, 12800, "A1")

    assert not undo(tx, counter, done.id).visit_cancelled
    assert visits.count_paid(tx, counter.person_id) == 1


def test_an_undo_works_once_and_in_time(db: Database, counter: Counter, clock: FakeClock) -> None:
    """A second undo, and one after the stated minutes, are refused and change nothing."""
    done = db.run(lambda tx: coupons.redeem(tx, order(tx, counter)))
    clock.advance(minutes=10)
    with pytest.raises(NotFound):
        db.run(lambda tx: coupons.undo(tx, done.id, staff_id=counter.person_id, within=UNDO))

    def attempt(_: int) -> bool:
        try:
            db.run(lambda tx: undo(tx, counter, done.id))
        except coupons.AlreadyUndone:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    db.read(assert_coupons_agree)

    again = db.run(lambda tx: coupons.redeem(tx, order(tx, counter)))
    clock.advance(minutes=10, seconds=1)
    with pytest.raises(coupons.UndoTooLate):
        db.run(lambda tx: undo(tx, counter, again.id))
    assert db.read(lambda tx: coupons.get(tx, counter.coupon_id).state) == "used"


def test_the_job_marks_what_has_ended(db: Database, counter: Counter, clock: FakeClock) -> None:
    """Expired coupons are marked in batches; used ones stay used."""
    for number in range(3):
        db.run(lambda tx, n=number: make_coupon(tx, counter.person_id, f"more {n}"))  # type: ignore[misc] # bound now
    db.run(lambda tx: coupons.redeem(tx, order(tx, counter)))
    clock.advance(days=31)

    assert [db.run(lambda tx: coupons.expire_due(tx, 2)) for _ in range(3)] == [2, 1, 0]
    assert db.read(lambda tx: coupons.get(tx, counter.coupon_id).state) == "used"


def test_a_merge_moves_coupons_and_adds_allowances_up(tx: Tx) -> None:
    """Who was two persons does not get twice what one may."""
    counter = set_up(tx, per_person=1)
    ben = make_person(tx, "Ben")

    coupons.merge(tx, from_id=counter.person_id, into_id=ben)
    coupons.merge(tx, from_id=counter.person_id, into_id=ben)

    assert [coupon.id for coupon in coupons.list_for(tx, ben)[0]] == [counter.coupon_id]
    with pytest.raises(coupons.CouponLimitReached):
        make_coupon(tx, ben, "another cause", per_person=1)


def test_a_days_figures_leave_undone_redemptions_out(tx: Tx) -> None:
    """The store's list shows an undone redemption as undone; the sum does not count it."""
    counter = set_up(tx)
    undo(tx, counter, coupons.redeem(tx, order(tx, counter)).id)
    tx.now += timedelta(seconds=1)
    coupons.redeem(tx, order(tx, counter))
    today = day_of(tx.now)

    listed = coupons.list_of_day(tx, counter.store_id, today, limit=9)

    assert [entry.undone_at is None for entry in listed] == [True, False]
    assert coupons.total_of_day(tx, counter.store_id, today) == coupons.DayTotal(1, 2000)


def test_a_customers_own_code_is_no_coupon(db: Database, counter: Counter) -> None:
    """The code that names a person is not taken for a coupon."""
    new = db.run(lambda tx: order(tx, counter))
    own = db.read(lambda tx: identity.personal_token(tx, counter.person_id).token)

    assert refused(db, counter, replace(new, token=own)) == "unknown_token"
