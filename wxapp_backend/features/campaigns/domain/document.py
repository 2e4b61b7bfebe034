"""A campaign as its document says it: who may take part, what counts, and who gets what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    model_validator,
)

from wxapp_backend.kernel.money import MAX_FEN
from wxapp_backend.kernel.text import clean

Side = Literal["friend", "referrer"]
Moment = Literal["claim", "qualify"]

LONGEST_HOLDBACK_DAYS = 30
"""A short, stated maturity: WeChat 运营规范 5.1.7 wants benefits at once; a month is short."""

_MAX_POINTS = 1_000_000

Days = Annotated[StrictInt, Field(ge=1, le=366)]
Amount = Annotated[StrictInt, Field(ge=1, le=MAX_FEN)]
Count = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
StoreIds = tuple[Annotated[str, Field(min_length=1, max_length=26)], ...]


def _cleaned(value: str) -> str:
    if value != clean(value) or not value:
        raise ValueError("must not be empty, nor have control characters or double blanks")
    return value


Words = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_cleaned)]
"""A short text for people; 20 characters is what a WeChat template's `thing` holds."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CouponTerms(_Part):
    """What a coupon of this campaign is worth and where it holds.

    Attributes:
        percent_off: 12 means 12 % off, 88 折.
        most_off_fen: upper limit of a percentage's discount.
        threshold_fen: least order amount on which it may be used; 0: any.
        valid_days: life, counted from the issue.
        stores: ids of the stores that take it; empty: all.
        stock: how many exist; null: as many as the budget pays for.
        cost_fen: what one costs the shop at most; reckoned, and so left out, for `amount_off`.
    """

    title: Words
    kind: Literal["amount_off", "percent_off", "gift"]
    amount_off_fen: Amount | None = None
    percent_off: Annotated[StrictInt, Field(ge=1, le=99)] | None = None
    most_off_fen: Amount | None = None
    threshold_fen: Annotated[StrictInt, Field(ge=0, le=MAX_FEN)] = 0
    valid_days: Days
    stores: StoreIds = ()
    stock: Count | None = None
    cost_fen: Amount | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> CouponTerms:
        needed = {
            "amount_off": {"amount_off_fen"},
            "percent_off": {"percent_off", "most_off_fen"},
            "gift": {"cost_fen"},
        }[self.kind]
        for field in ("amount_off_fen", "percent_off", "most_off_fen", "cost_fen"):
            given = getattr(self, field) is not None
            if given != (field in needed):
                raise ValueError(f"{field} is {'needed' if not given else 'of no use'} here")
        if self.amount_off_fen is not None and self.amount_off_fen > self.threshold_fen > 0:
            raise ValueError("threshold_fen is below amount_off_fen")
        return self

    @property
    def most_cost_fen(self) -> int:
        """Return the most that one coupon can cost the shop."""
        cost = self.amount_off_fen or self.most_off_fen or self.cost_fen
        assert cost is not None  # `_fits_its_kind`
        return cost


class PointsReward(_Part):
    """So many points."""

    kind: Literal["points"]
    points: Annotated[StrictInt, Field(ge=1, le=_MAX_POINTS)]


class CouponReward(_Part):
    """One coupon."""

    kind: Literal["coupon"]
    coupon: CouponTerms


Reward = Annotated[PointsReward | CouponReward, Field(discriminator="kind")]
Rewards = Annotated[tuple[Reward, ...], Field(max_length=5)]


class Attribution(_Part):
    """Whose share brought the friend: the first or last one opened within the window."""

    touch: Literal["first", "last"] = "last"
    window_days: Days = 30


class NewCustomer(_Part):
    """Who counts as new: nobody who paid a visit in the last `no_visit_in_days`; null: ever."""

    no_visit_in_days: Annotated[StrictInt, Field(ge=30, le=3660)] | None = None


class Qualify(_Part):
    """The friend's visit that counts.

    Attributes:
        visit_number: the how-manieth fitting visit after the claim.
        minimum_fen: least amount of a fitting visit, refunds taken off.
        within_days: counted from the claim.
        stores: ids of the stores where it counts; empty: all.
    """

    visit_number: Annotated[StrictInt, Field(ge=1, le=10)] = 1
    minimum_fen: Amount = 1
    within_days: Days = 30
    stores: StoreIds = ()


class ReturnVisit(_Part):
    """When a further visit counts as coming back: so long after the one before it."""

    minimum_gap_hours: Annotated[StrictInt, Field(ge=0, le=24 * 30)] = 0


class FriendRewards(_Part):
    """What the friend gets."""

    on_claim: Rewards = ()
    on_qualify: Rewards = ()


class ReferrerRewards(_Part):
    """What the referrer gets, and only for the friend's own deed; the guard sees to that."""

    on_qualify: Rewards


class Budget(_Part):
    """The ceiling of all that is promised; points are reckoned at `point_value_fen` each."""

    total_fen: Amount
    point_value_fen: Annotated[StrictInt, Field(ge=0, le=100_00)] = 1


class Caps(_Part):
    """How many friends of one referrer are rewarded, in all and per day (Asia/Shanghai)."""

    referrer_total: Count | None = None
    referrer_daily: Count | None = None


class CampaignDocument(_Part):
    """One campaign."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: Words
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    attribution: Attribution = Attribution()
    new_customer: NewCustomer = NewCustomer()
    qualify: Qualify = Qualify()
    return_visit: ReturnVisit = ReturnVisit()
    friend: FriendRewards
    referrer: ReferrerRewards
    budget: Budget
    caps: Caps = Caps()
    holdback_days: Annotated[StrictInt, Field(ge=0, le=LONGEST_HOLDBACK_DAYS)] = 0

    @model_validator(mode="after")
    def _hangs_together(self) -> CampaignDocument:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        if not self.friend.on_claim:
            raise ValueError("friend.on_claim is empty: the friend would have nothing to claim")
        if not self.referrer.on_qualify:
            raise ValueError("referrer.on_qualify is empty: nobody would have a reason to refer")
        if any(
            isinstance(reward, CouponReward) and reward.coupon.stock is not None
            for reward in (*self.friend.on_qualify, *self.referrer.on_qualify)
        ):
            raise ValueError("stock fits friend.on_claim only: on_qualify is promised at the claim")
        if self.referral_cost_fen > self.budget.total_fen:
            raise ValueError("budget.total_fen does not pay for one single referral")
        return self

    def rewards_of(self, side: Side, moment: Moment) -> tuple[PointsReward | CouponReward, ...]:
        """Return what `side` gets at `moment`, in the document's order."""
        if side == "friend":
            return self.friend.on_claim if moment == "claim" else self.friend.on_qualify
        return () if moment == "claim" else self.referrer.on_qualify

    def cost_fen(self, reward: PointsReward | CouponReward) -> int:
        """Return the most that `reward` costs the shop."""
        if isinstance(reward, PointsReward):
            return reward.points * self.budget.point_value_fen
        return reward.coupon.most_cost_fen

    def moment_cost_fen(self, moment: Moment) -> int:
        """Return the most that one referral costs at `moment`, both sides together."""
        sides: tuple[Side, ...] = ("friend", "referrer")
        return sum(
            self.cost_fen(reward) for side in sides for reward in self.rewards_of(side, moment)
        )

    @property
    def referral_cost_fen(self) -> int:
        """Return the most that one referral costs in all."""
        return self.moment_cost_fen("claim") + self.moment_cost_fen("qualify")

    def is_running(self, at: datetime) -> bool:
        """Say whether the campaign takes new referrals at this instant."""
        return self.starts_at <= at < self.ends_at
