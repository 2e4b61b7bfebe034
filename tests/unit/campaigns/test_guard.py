"""The guard: what WeChat's rules forbid is refused with the clause named."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.unit.campaigns.documents import raw_document
from wxapp_backend.features.campaigns.domain.guard import inspect
from wxapp_backend.features.campaigns.errors import CampaignRefused
from wxapp_backend.features.campaigns.service.documents import parse_document

POINTS = [{"kind": "points", "points": 5}]


@pytest.mark.parametrize(
    ("changes", "field", "clause"),
    [
        ({"referrer__on_claim": POINTS}, "referrer.on_claim", "5.1.4"),
        ({"referrer__on_touch": POINTS}, "referrer.on_touch", "5.1.4"),
        ({"referrer__on_register": POINTS}, "referrer.on_register", "5.1.4"),
        ({"referrer__on_share": POINTS}, "referrer.on_share", "5.3.1"),
        ({"friend__on_forward": POINTS}, "friend.on_forward", "5.3.1"),
        ({"name": "发朋友圈得积分"}, "name", "5.1.3"),
        ({"qualify__require_share": True}, "qualify.require_share", "5.1.1"),
        ({"new_customer__require_follow": True}, "new_customer.require_follow", "5.1.1"),
        ({"referrer__chance_percent": 10}, "referrer.chance_percent", "5.1.6"),
        ({"qualify__team_size": 6}, "qualify.team_size", "5.1.8"),
        ({"referrer__levels": 2}, "referrer.levels", "5.9"),
        ({"referrer__entry_fee": 100}, "referrer.entry_fee", "《禁止传销条例》第七条"),
    ],
)
def test_what_is_forbidden_is_refused_with_its_clause(
    changes: dict[str, Any], field: str, clause: str
) -> None:
    """The operator reads which rule speaks against which field, and nothing is published."""
    with pytest.raises(CampaignRefused) as refused:
        parse_document(yaml.safe_dump(raw_document(**changes)), source="x.yaml")

    assert refused.value.faults[0].startswith(f"{field}: ")
    assert clause in refused.value.faults[0]


def test_a_friend_may_be_rewarded_for_claiming() -> None:
    """Only the referrer's reward must wait for a paid visit."""
    assert inspect(raw_document(friend__on_claim=POINTS)) == []


def test_forbidden_words_are_found_in_coupon_titles() -> None:
    """Texts deep in the document are read too."""
    raw = raw_document()
    raw["friend"]["on_claim"][0]["coupon"]["title"] = "转发有礼"

    (refusal,) = inspect(raw)

    assert refusal.field == "friend.on_claim.0.coupon.title"
