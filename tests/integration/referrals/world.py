"""A shop with a running campaign, in which events reach referrals and rewards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine, func, select

from tests.conftest import FakeClock, Harness
from tests.factories import make_person, make_store, make_visit
from tests.unit.campaigns.documents import document
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons.events import CouponRedeemed, RedemptionUndone
from wxapp_backend.features.identity.events import PersonErased, PersonMerged
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.referrals import handlers as on_referrals
from wxapp_backend.features.referrals.events import (
    ExpiryDue,
    ReferralQualified,
    ReferralReopened,
)
from wxapp_backend.features.rewards import handlers as on_rewards
from wxapp_backend.features.rewards.events import HoldbackDue
from wxapp_backend.features.visits import api as visits
from wxapp_backend.features.visits.events import VisitCancelled, VisitRecorded, VisitRefunded
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import Handler, in_tx
from wxapp_backend.infra.outbox.rows import EventRow
from wxapp_backend.infra.tables import Base

T = TypeVar("T")

HANDLERS: dict[str, Handler] = {
    "referrals.visit_recorded": in_tx(VisitRecorded, on_referrals.on_visit_recorded),
    "referrals.visit_cancelled": in_tx(VisitCancelled, on_referrals.on_visit_cancelled),
    "referrals.visit_refunded": in_tx(VisitRefunded, on_referrals.on_visit_refunded),
    "referrals.person_merged": in_tx(PersonMerged, on_referrals.on_person_merged),
    "referrals.person_erased": in_tx(PersonErased, on_referrals.on_person_erased),
    "referrals.expiry": in_tx(ExpiryDue, on_referrals.on_expiry_due),
    "rewards.qualified": in_tx(ReferralQualified, on_rewards.on_referral_qualified),
    "rewards.reopened": in_tx(ReferralReopened, on_rewards.on_referral_reopened),
    "rewards.coupon_redeemed": in_tx(CouponRedeemed, on_rewards.on_coupon_redeemed),
    "rewards.redemption_undone": in_tx(RedemptionUndone, on_rewards.on_redemption_undone),
    "rewards.person_merged": in_tx(PersonMerged, on_rewards.on_person_merged),
    "rewards.holdback": in_tx(HoldbackDue, on_rewards.on_holdback_due),
}
SUBSCRIBERS = {
    VisitRecorded.name: ["referrals.visit_recorded"],
    VisitCancelled.name: ["referrals.visit_cancelled"],
    VisitRefunded.name: ["referrals.visit_refunded"],
    PersonMerged.name: ["referrals.person_merged", "rewards.person_merged"],
    PersonErased.name: ["referrals.person_erased"],
    ExpiryDue.name: ["referrals.expiry"],
    ReferralQualified.name: ["rewards.qualified"],
    ReferralReopened.name: ["rewards.reopened"],
    CouponRedeemed.name: ["rewards.coupon_redeemed"],
    RedemptionUndone.name: ["rewards.redemption_undone"],
    HoldbackDue.name: ["rewards.holdback"],
}


@dataclass
class World:
    """王小美 recommends, 李静 comes; the campaign is the default one unless changed."""

    harness: Harness
    clock: FakeClock
    store_id: str
    referrer_id: str
    friend_id: str
    code: str
    campaign_id: str

    def do(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction of its own."""
        return self.harness.db.run(work)

    def settle(self) -> None:
        """Deliver all events."""
        self.harness.settle()

    def person(self, nickname: str) -> str:
        """Return somebody else."""
        return self.do(lambda tx: make_person(tx, nickname))

    def claim(self, friend_id: str | None = None, code: str | None = None) -> referrals.Claimed:
        """Let the friend claim."""
        friend = friend_id or self.friend_id
        by = self.code if code is None else code
        return self.do(lambda tx: referrals.claim(tx, friend, code=by))

    def touch(self, friend_id: str | None = None, code: str | None = None) -> referrals.Touched:
        """Let the friend open the share."""
        friend = friend_id or self.friend_id
        by = self.code if code is None else code
        return self.do(lambda tx: referrals.touch(tx, friend, code=by, channel="poster"))

    def visit(
        self,
        friend_id: str | None = None,
        amount_fen: int = 12800,
        order_no: str | None = None,
    ) -> visits.Visit:
        """Let the friend pay, and deliver what follows; a minute passes."""
        friend = friend_id or self.friend_id
        made = self.do(lambda tx: make_visit(tx, friend, self.store_id, amount_fen, order_no))
        self.settle()
        self.clock.advance(minutes=1)
        return made

    def refund(self, order_no: str, amount_fen: int, refund_no: str = "r1") -> None:
        """Let the till pay back, and deliver what follows."""
        self.do(lambda tx: visits.refund(tx, order_no, refund_no=refund_no, amount_fen=amount_fen))
        self.settle()

    def code_of(self, person_id: str) -> str:
        """Return somebody's code."""
        return self.do(lambda tx: referrals.code_of(tx, person_id))

    def referral(self, friend_id: str | None = None) -> referrals.ReferralView:
        """Return the friend's claimed referral with its steps."""
        friend = friend_id or self.friend_id
        found = self.do(lambda tx: referrals.find_for_friend(tx, friend))
        assert found is not None
        return found

    def timeline(self, viewer: referrals.Viewer = "referrer") -> list[str]:
        """Return the referral's timeline in words, the other side named 某**."""
        return [
            referrals.say(step.event, step.params, viewer=viewer, other="某**")
            for step in self.referral().steps
        ]

    def reserved_fen(self) -> int:
        """Return what is promised of the budget."""
        return self.do(lambda tx: campaigns.budget_of(tx, self.campaign_id)).reserved_fen

    def emitted(self, name: str) -> list[dict[str, Any]]:
        """Return the payloads of all events of this name."""
        statement = select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id)
        return self.do(lambda tx: list(tx.session.scalars(statement)))

    def snapshot(self) -> dict[str, int]:
        """Return how many rows each table has, and the budget: to see that nothing changed."""

        def count(tx: Tx) -> dict[str, int]:
            return {
                table.name: tx.session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
            }

        return self.do(count) | {"reserved_fen": self.reserved_fen()}


def make_world(engine: Engine, clock: FakeClock, **changes: Any) -> World:
    """Return a world whose campaign is the default document with these changes."""
    harness = Harness(engine, clock, SUBSCRIBERS, HANDLERS)

    def build(tx: Tx) -> World:
        version_id = campaigns.publish(tx, document(**changes))
        referrer_id, friend_id = make_person(tx, "王小美"), make_person(tx, "李静")
        return World(
            harness=harness,
            clock=clock,
            store_id=make_store(tx),
            referrer_id=referrer_id,
            friend_id=friend_id,
            code=referrals.code_of(tx, referrer_id),
            campaign_id=campaigns.get_version(tx, version_id).campaign_id,
        )

    return harness.db.run(build)
