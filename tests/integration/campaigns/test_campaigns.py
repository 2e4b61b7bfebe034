"""Publishing, reading and paying for campaigns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import FakeClock
from tests.unit.campaigns.documents import document
from wxapp_backend.features.campaigns import api
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.errors import NotFound


def publish(tx: Tx, **changes: Any) -> api.CampaignView:
    """Publish the default document with changes and return its campaign."""
    changed = document(**changes)
    api.publish(tx, changed)
    found = api.find_by_key(tx, changed.key)
    assert found is not None
    return found


def test_a_published_campaign_runs(tx: Tx) -> None:
    """It is listed with its sentences and offers, and its coupons have templates."""
    published = publish(tx)

    assert [view.id for view in api.list_running(tx)] == [published.id]
    assert published.friend_offer == "¥20 新客券，满 ¥100 可用"
    assert len(published.rules) == 8
    (due,) = api.due_at(published.document, "friend", "claim")
    template_id = published.version.template_of(due)
    assert coupons.issue(tx, template_id, person_id="p", cause="c").spec.amount_off_fen == 2000


def test_the_same_text_again_changes_nothing(tx: Tx) -> None:
    """Publishing at every start is harmless."""
    first = api.publish(tx, document())

    assert api.publish(tx, document()) == first


def test_an_older_text_can_come_back(tx: Tx) -> None:
    """Versions are numbered by their first appearance."""
    first = api.publish(tx, document())
    second = api.publish(tx, document(name="新名字"))

    assert api.get_version(tx, second).number == 2
    assert api.publish(tx, document()) == first
    assert [view.name for view in api.list_running(tx)] == ["老友带新"]


def test_only_running_campaigns_are_listed(tx: Tx, clock: FakeClock) -> None:
    """Neither one to come nor one that is over; the one begun last comes first."""
    now = clock.now
    publish(tx)
    publish(tx, key="newer", starts_at=(now - timedelta(days=1)).isoformat())
    coming = publish(tx, key="coming", starts_at=(now + timedelta(seconds=1)).isoformat())
    over = publish(tx, key="over", ends_at=now.isoformat())

    assert [view.key for view in api.list_running(tx)] == ["newer", "new-friend-gift"]
    with pytest.raises(NotFound):
        api.get_running(tx, coming.id)
    with pytest.raises(api.CampaignEnded):
        api.get_running(tx, over.id)
    with pytest.raises(NotFound):
        api.get_running(tx, "nothing")


def test_a_budget_cannot_fall_below_what_is_promised(tx: Tx) -> None:
    """The operator is told; the old ceiling stays."""
    campaign = publish(tx)
    api.reserve(tx, campaign.id, cost_fen=5000, cause="a")

    with pytest.raises(api.CampaignRefused, match=r"budget\.total_fen"):
        api.publish(tx, document(budget__total_fen=4999))
    api.publish(tx, document(budget__total_fen=5000))
    assert api.budget_of(tx, campaign.id) == api.Budget(5000, 5000)
    with pytest.raises(api.BudgetExhausted):
        api.reserve(tx, campaign.id, cost_fen=1, cause="b")


def test_a_cause_reserves_once(tx: Tx) -> None:
    """Said twice, it is set aside once; given back twice, it is given back once."""
    campaign = publish(tx)
    for _ in range(2):
        api.reserve(tx, campaign.id, cost_fen=5000, cause="a")
    assert api.budget_of(tx, campaign.id).reserved_fen == 5000

    assert [api.release(tx, "a", keep_fen=2000) for _ in range(2)] == [3000, 0]
    assert api.budget_of(tx, campaign.id).reserved_fen == 2000


moves = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release"]),
        st.integers(0, 5),
        st.integers(0, 4000),
    ),
    max_size=30,
)


@given(moves=moves)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_budget_is_the_sum_of_what_is_held(
    db: Database, moves: list[tuple[str, int, int]]
) -> None:
    """Whatever is reserved, refused and given back: never above the ceiling, never a fen lost."""
    held: dict[int, int] = {}

    def play(tx: Tx) -> None:
        campaign = publish(tx, key=f"budget-{len(api.list_all(tx))}", budget__total_fen=10_000)
        for kind, cause, amount_fen in moves:
            name = f"{campaign.id}:{cause}"
            if kind == "release":
                api.release(tx, name, keep_fen=amount_fen)
                held[cause] = min(held.get(cause, 0), amount_fen)
            elif cause not in held:
                try:
                    tx.attempt(
                        lambda inner, name=name, fen=amount_fen: api.reserve(  # type: ignore[misc] # mypy cannot infer a lambda with defaults
                            inner, campaign.id, cost_fen=fen, cause=name
                        )
                    )
                except api.BudgetExhausted:
                    assert sum(held.values()) + amount_fen > 10_000
                else:
                    held[cause] = amount_fen
        assert api.budget_of(tx, campaign.id).reserved_fen == sum(held.values()) <= 10_000

    db.run(play)
