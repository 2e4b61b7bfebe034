"""Points over HTTP."""

from __future__ import annotations

import pytest

from tests.factories import make_person
from tests.integration.desk import Phone, code_of, make_desk, sign_in
from wxapp_backend.features.points import api as points
from wxapp_backend.infra.db import Database


@pytest.fixture
def customer(db: Database) -> Phone:
    """Return a customer with 200 points, of which 50 are spent."""
    with db.transaction() as tx:
        person_id = make_person(tx)
        points.grant(tx, person_id, 200, reference="g", source_text="王** 首次到店消费")
        points.spend(tx, person_id, 50, reference="s", source_text="招牌小菜")
        return Phone(make_desk(db).test_client(), sign_in(tx, "李静"))


def test_points_are_read_with_their_parts(customer: Phone) -> None:
    """Usable, promised, owed and expiring points are told apart."""
    assert customer.get("/api/v1/me/points").json == {
        "available": 150,
        "pending": 0,
        "debt": 0,
        "expiring": [],
    }


def test_every_line_names_its_source(customer: Phone) -> None:
    """Newest first, signed, with title and source; pages follow one another."""
    first = customer.get("/api/v1/me/points/entries?limit=1").json
    second = customer.get(f"/api/v1/me/points/entries?cursor={first['next_cursor']}").json

    lines = [*first["items"], *second["items"]]
    assert [(line["points"], line["title"], line["source"]) for line in lines] == [
        (-50, "积分兑换", "招牌小菜"),
        (200, "推荐奖励", "王** 首次到店消费"),
    ]
    assert second["next_cursor"] is None
    assert code_of(customer.get("/api/v1/me/points/entries?cursor=x"))[0] == 422


def test_the_downloaded_statement_verifies(customer: Phone) -> None:
    """The file is a download, and whoever has it can check it."""
    answer = customer.get("/api/v1/me/points/statement")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert points.verify(answer.data) == []
