"""Documents: what is read, and how a fault is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.campaigns.documents import DEFAULT, FOLDER, document, raw_document
from wxapp_backend.features.campaigns.errors import CampaignRefused
from wxapp_backend.features.campaigns.service.documents import load_documents, parse_document

COUPON = {"title": "券", "kind": "amount_off", "amount_off_fen": 100, "valid_days": 30}


def faults_of(**changes: Any) -> tuple[str, ...]:
    """Return the faults of the default document with these changes."""
    with pytest.raises(CampaignRefused) as refused:
        parse_document(yaml.safe_dump(raw_document(**changes)), source="x.yaml")
    return refused.value.faults


def test_every_shipped_document_is_valid() -> None:
    """What the folder holds can be published as it is."""
    assert "new-friend-gift" in [each.key for each in load_documents(FOLDER)]


def test_the_default_campaign_is_the_promised_one() -> None:
    """¥20 off from ¥100 for the friend at once; 200 points and ¥10 for the referrer; no gap."""
    default = parse_document(DEFAULT.read_text("utf-8"), source=DEFAULT.name)

    (friends,) = default.friend.on_claim
    points, coupon = default.referrer.on_qualify
    assert friends.kind == "coupon"
    assert (friends.coupon.amount_off_fen, friends.coupon.threshold_fen) == (2000, 10000)
    assert points.kind == "points"
    assert points.points == 200
    assert coupon.kind == "coupon"
    assert coupon.coupon.amount_off_fen == 1000
    assert default.qualify.visit_number == 1
    assert default.return_visit.minimum_gap_hours == 0
    assert default.holdback_days == 0
    assert default.ends_at.year >= 2036


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"nmae": "x"}, "nmae: "),
        ({"name": ""}, "name: "),
        ({"name": "一" * 21}, "name: "),
        ({"key": "Bad Key"}, "key: "),
        ({"starts_at": "2026-01-01T00:00:00"}, "starts_at: "),
        ({"ends_at": "2020-01-01T00:00:00+08:00"}, "document: Value error, ends_at"),
        ({"budget__total_fen": 1.5}, "budget.total_fen: "),
        ({"budget__total_fen": 3199}, "document: Value error, budget.total_fen"),
        ({"qualify__minimum_fen": 0}, "qualify.minimum_fen: "),
        ({"qualify__visit_number": True}, "qualify.visit_number: "),
        ({"attribution__touch": "middle"}, "attribution.touch: "),
        ({"holdback_days": 31}, "holdback_days: "),
        ({"friend__on_claim": []}, "document: Value error, friend.on_claim"),
        ({"referrer__on_qualify": []}, "document: Value error, referrer.on_qualify"),
        (
            {"referrer__on_qualify": [{"kind": "points", "points": 0}]},
            "referrer.on_qualify.0.points: ",
        ),
        (
            {"referrer__on_qualify": [{"kind": "cash", "fen": 1}]},
            "referrer.on_qualify.0: ",
        ),
        (
            {"friend__on_claim": [{"kind": "coupon", "coupon": COUPON | {"percent_off": 10}}]},
            "friend.on_claim.0.coupon: Value error, percent_off is of no use",
        ),
        (
            {"friend__on_claim": [{"kind": "coupon", "coupon": COUPON | {"kind": "gift"}}]},
            "friend.on_claim.0.coupon: Value error, amount_off_fen is of no use",
        ),
        (
            {"friend__on_claim": [{"kind": "coupon", "coupon": COUPON | {"threshold_fen": 99}}]},
            "friend.on_claim.0.coupon: Value error, threshold_fen",
        ),
        (
            {"referrer__on_qualify": [{"kind": "coupon", "coupon": COUPON | {"stock": 5}}]},
            "document: Value error, stock fits friend.on_claim only",
        ),
    ],
)
def test_a_fault_names_its_field(changes: dict[str, Any], beginning: str) -> None:
    """The operator is told where to look, by the field's path in the document."""
    (fault,) = faults_of(**changes)

    assert fault.startswith(beginning)


def test_all_faults_are_named_at_once() -> None:
    """Nobody has to mend a document one fault at a time."""
    faults = faults_of(name="", holdback_days=-1, budget__total_fen=0)

    assert [fault.split(":")[0] for fault in faults] == [
        "name",
        "budget.total_fen",
        "holdback_days",
    ]


def test_a_key_given_twice_is_refused() -> None:
    """YAML would silently take the last one."""
    with pytest.raises(CampaignRefused, match="given twice"):
        parse_document(DEFAULT.read_text("utf-8") + "\nname: 另一个\n", source="x.yaml")


@pytest.mark.parametrize(
    "text", ["", "- a\n", "just words", "a: [", "!!python/object:os.system {}"]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    """Lists, plain words, broken YAML and foreign tags are no campaigns."""
    with pytest.raises(CampaignRefused):
        parse_document(text, source="x.yaml")


def test_two_files_may_not_have_one_key(tmp_path: Path) -> None:
    """The second file would silently replace the first."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(DEFAULT.read_text("utf-8"), "utf-8")

    with pytest.raises(CampaignRefused, match=r"b\.yaml: key"):
        load_documents(tmp_path)


def test_a_referral_costs_the_most_it_can_cost() -> None:
    """¥20 for the friend, 200 points at 1 fen and ¥10 for the referrer."""
    default = document()

    assert default.moment_cost_fen("claim") == 2000
    assert default.moment_cost_fen("qualify") == 200 + 1000
    assert default.referral_cost_fen == 3200
