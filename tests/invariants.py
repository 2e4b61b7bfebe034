"""What must hold in the database whatever was tried before."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import func, select

from wxapp_backend.features.coupons.models import CouponRow, RedemptionRow, Template
from wxapp_backend.features.points import api as points
from wxapp_backend.features.visits.models import Counter as VisitCounter
from wxapp_backend.features.visits.models import RefundRow, VisitRow
from wxapp_backend.infra.db import Tx


def assert_books_balance(tx: Tx) -> None:
    """Assert that points sum to zero over all accounts, and that chains, balances, lots agree."""
    assert points.verify_ledger(tx).faults == []


def assert_coupons_agree(tx: Tx) -> None:
    """Assert that used coupons have one redemption in force each, others none; stocks hold."""
    in_force = Counter(
        tx.session.scalars(select(RedemptionRow.coupon_id).where(RedemptionRow.undone_at.is_(None)))
    )
    for coupon_id, state in tx.session.execute(select(CouponRow.id, CouponRow.state)):
        assert in_force[coupon_id] == (1 if state == "used" else 0)
    issued = Counter(tx.session.scalars(select(CouponRow.template_id)))
    limited = Template.stock.is_not(None)
    stocked = select(Template.id, Template.issued, Template.stock).where(limited)
    for template_id, counted, stock in tx.session.execute(stocked):
        assert issued[template_id] == counted
        assert counted <= (stock or 0)


def assert_visits_agree(tx: Tx) -> None:
    """Assert that each paid visit has its own number, that counters and refunds hold."""
    numbers: dict[str, list[int]] = defaultdict(list)
    in_force = select(VisitRow.person_id, VisitRow.number, VisitRow.amount_fen).where(
        VisitRow.cancelled_at.is_(None)
    )
    for person_id, number, amount_fen in tx.session.execute(in_force):
        assert (number > 0) == (amount_fen > 0)
        if number:
            numbers[person_id].append(number)
    counters = tx.session.execute(select(VisitCounter.person_id, VisitCounter.last_number))
    last = {person_id: number for person_id, number in counters}  # noqa: C416 # typed so
    for person_id, given in numbers.items():
        assert len(set(given)) == len(given)
        assert max(given) <= last[person_id]
    sums = select(RefundRow.visit_id, func.sum(RefundRow.amount_fen)).group_by(RefundRow.visit_id)
    refunded = {visit_id: int(total) for visit_id, total in tx.session.execute(sums)}
    for visit_id, total in tx.session.execute(select(VisitRow.id, VisitRow.refunded_fen)):
        assert refunded.get(visit_id, 0) == total
