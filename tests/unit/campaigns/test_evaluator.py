"""The evaluator: what a referral earns, for any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.campaigns.documents import document
from wxapp_backend.features.campaigns.domain.document import CampaignDocument
from wxapp_backend.features.campaigns.domain.evaluator import CLOCK_SLACK, Facts, evaluate

CLAIMED = datetime(2026, 3, 2, 4, tzinfo=UTC)
GOOD = Facts(
    claimed_at=CLAIMED, paid_at=CLAIMED + timedelta(hours=1), store_id="s1", amount_fen=12800
)

amounts = st.integers(0, 1_000_000)
facts = st.builds(
    Facts,
    claimed_at=st.just(CLAIMED),
    paid_at=st.timedeltas(timedelta(days=-5), timedelta(days=90)).map(CLAIMED.__add__),
    store_id=st.sampled_from(["s1", "s2", "s3"]),
    amount_fen=amounts,
    refunded_fen=amounts,
    is_cancelled=st.booleans(),
    fitting_visits_before=st.integers(0, 3),
    referrer_rewarded_total=st.integers(0, 6),
    referrer_rewarded_today=st.integers(0, 4),
)
documents = st.builds(
    document,
    qualify__visit_number=st.integers(1, 3),
    qualify__minimum_fen=st.integers(1, 20_000),
    qualify__within_days=st.integers(1, 60),
    qualify__stores=st.sampled_from([[], ["s1"], ["s2", "s3"]]),
    caps__referrer_total=st.none() | st.integers(1, 5),
    caps__referrer_daily=st.none() | st.integers(1, 3),
    friend__on_qualify=st.sampled_from([[], [{"kind": "points", "points": 50}]]),
)


def test_the_first_paid_visit_earns_points_and_a_coupon() -> None:
    """The default campaign: 200 points and a ¥10 coupon for the referrer, ¥12 at most."""
    verdict = evaluate(document(), GOOD)

    assert [(due.side, due.position, due.reward.kind) for due in verdict.rewards] == [
        ("referrer", 0, "points"),
        ("referrer", 1, "coupon"),
    ]
    assert sum(due.cost_fen for due in verdict.rewards) == 1200
    assert verdict.reasons == ()


@pytest.mark.parametrize(
    ("rules", "changes", "code"),
    [
        ({"qualify__minimum_fen": 12801}, {}, "minimum_not_met"),
        ({}, {"amount_fen": 0}, "minimum_not_met"),
        ({}, {"refunded_fen": 12800}, "visit_refunded"),
        ({"qualify__minimum_fen": 5000}, {"refunded_fen": 7801}, "visit_refunded"),
        ({}, {"is_cancelled": True}, "visit_cancelled"),
        ({}, {"paid_at": CLAIMED - CLOCK_SLACK - timedelta(seconds=1)}, "visit_before_claim"),
        ({}, {"paid_at": CLAIMED + timedelta(days=30, seconds=1)}, "too_late"),
        ({"qualify__stores": ["s2"]}, {}, "store_not_included"),
        ({}, {"fitting_visits_before": 1}, "other_visit_counts"),
        ({"qualify__visit_number": 2}, {}, "other_visit_counts"),
    ],
)
def test_a_visit_that_does_not_fit_earns_nothing(
    rules: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    """Each condition alone speaks against all rewards, with its own code."""
    verdict = evaluate(document(**rules), replace(GOOD, **changes))

    assert verdict.rewards == ()
    assert [reason.code for reason in verdict.reasons] == [code]


def test_a_partial_refund_above_the_minimum_still_counts() -> None:
    """What stays paid is what counts."""
    verdict = evaluate(document(qualify__minimum_fen=5000), replace(GOOD, refunded_fen=7800))

    assert len(verdict.rewards) == 2


def test_a_cap_of_the_referrer_leaves_the_friends_reward() -> None:
    """The friend does not pay for how many others the referrer brought."""
    rules = document(caps__referrer_total=5, friend__on_qualify=[{"kind": "points", "points": 50}])

    verdict = evaluate(rules, replace(GOOD, referrer_rewarded_total=5))

    assert [due.side for due in verdict.rewards] == ["friend"]
    assert [(reason.code, reason.side) for reason in verdict.reasons] == [
        ("referrer_cap_reached", "referrer")
    ]


def test_all_reasons_are_collected() -> None:
    """A person is told everything that is wrong, not only the first thing."""
    rules = document(qualify__minimum_fen=20000, qualify__stores=["s2"])

    verdict = evaluate(rules, replace(GOOD, paid_at=CLAIMED + timedelta(days=40)))

    assert {reason.code for reason in verdict.reasons} == {
        "minimum_not_met",
        "too_late",
        "store_not_included",
    }


@given(documents, facts)
def test_the_same_facts_give_the_same_verdict(rules: CampaignDocument, seen: Facts) -> None:
    """The evaluator has no memory and no clock."""
    assert evaluate(rules, seen) == evaluate(rules, replace(seen))


@given(documents, facts)
def test_no_reward_without_a_paid_visit_that_fits(rules: CampaignDocument, seen: Facts) -> None:
    """Whatever else holds, money must have stayed in the shop, in time and in the right place."""
    if evaluate(rules, seen).rewards:
        assert seen.amount_fen - seen.refunded_fen >= rules.qualify.minimum_fen
        assert not seen.is_cancelled
        assert seen.paid_at <= seen.claimed_at + timedelta(days=rules.qualify.within_days)
        assert not rules.qualify.stores or seen.store_id in rules.qualify.stores
        assert seen.fitting_visits_before + 1 == rules.qualify.visit_number


@given(documents, facts)
def test_nothing_is_refused_without_a_reason(rules: CampaignDocument, seen: Facts) -> None:
    """The referrer gets the whole reward or reads why not."""
    verdict = evaluate(rules, seen)

    whole = len(rules.referrer.on_qualify)
    given_to_referrer = sum(due.side == "referrer" for due in verdict.rewards)
    assert given_to_referrer == (0 if verdict.reasons else whole)


@given(documents, facts)
def test_a_referral_never_costs_more_than_was_set_aside(
    rules: CampaignDocument, seen: Facts
) -> None:
    """What the claim reserves pays for whatever the visit can earn."""
    cost_fen = sum(due.cost_fen for due in evaluate(rules, seen).rewards)

    assert cost_fen <= rules.moment_cost_fen("qualify")


@given(documents, facts, amounts)
def test_a_further_refund_never_earns_more(
    rules: CampaignDocument, seen: Facts, refund_fen: int
) -> None:
    """Giving money back is no way to a reward."""
    before = evaluate(rules, seen).rewards
    after = evaluate(rules, replace(seen, refunded_fen=seen.refunded_fen + refund_fen)).rewards

    assert set(after) <= set(before)
