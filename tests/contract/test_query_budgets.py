"""How many queries each operation sends: listed here, the same however much there is."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bench.delivery import first_visits, settle, worker_at
from bench.operations import OPERATIONS, Call, claims_of
from bench.shop import Shop, open_shop
from bench.statements import Statement, queries, recorded
from wxapp_backend.app import build_app
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.posters import api as posters

WRITES = {"claim": 15, "redeem": 15, "record a visit": 10}
"""Session or key, idempotency key, the operation, its events and deliveries; no framing."""

READS = {
    "/me": 2,
    "/me/coupons": 3,
    "/me/coupons?limit=100": 3,
    "/me/points": 3,
    "/me/points/statement": 2,
    "/me/inbox": 2,
    "/me/consents": 2,
    "/me/visits": 3,
    "/me/referral": 5,
}
"""What a friend reads, the session's own query included."""

READS_OF_THE_REFERRER = {"/me": 2, "/me/referrals": 4, "/me/referrals/summary": 4}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Generator[Shop]:
    """Yield a shop on a database of its own."""
    folder = tmp_path_factory.mktemp("budgets")
    shop = open_shop(f"sqlite:///{folder / 'shop.db'}", Path(folder))
    shop.assembly.db.read(campaigns.list_running)  # a process reads a published text once
    yield shop
    shop.assembly.db.engine.dispose()


@pytest.fixture(scope="module")
def client(shop: Shop) -> FlaskClient:
    """Return a client of the whole application."""
    return build_app(shop.assembly).test_client()


@pytest.fixture(scope="module")
def friends(shop: Shop, client: FlaskClient) -> list[str]:
    """Return the sessions of twelve friends who claimed."""
    calls = claims_of(shop, shop.codes[0], 12)
    for call in calls:
        post(client, call)
    return [call.token for call in calls]


def post(client: FlaskClient, call: Call) -> None:
    """Send the call and see that it is done."""
    headers = {"Authorization": f"Bearer {call.token}", "Idempotency-Key": call.key}
    answer = client.post(call.path, json=call.body, headers=headers)
    assert answer.status_code == 200, answer.text


def get(client: FlaskClient, path: str, token: str) -> None:
    """Read and see that there is an answer."""
    answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text


def texts(seen: list[Statement]) -> list[str]:
    """Return the statements without their parameters."""
    return [sql for sql, _ in seen]


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_write_sends_the_listed_queries(shop: Shop, client: FlaskClient, name: str) -> None:
    """The second and the eleventh cost the same."""
    first, *calls = OPERATIONS[name].prepare(shop, 11)
    post(client, first)  # a process reads a published text once
    counts = []

    for call in calls:
        with recorded(shop.assembly.db.engine) as seen:
            post(client, call)
        counts.append(queries(seen))

    assert counts == [WRITES[name]] * 10


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_floor_of_the_benchmark_is_the_same_transaction(
    shop: Shop, client: FlaskClient, name: str
) -> None:
    """What `make bench` compares a route with sends the very statements that the route sends."""
    first, over_http, without = OPERATIONS[name].prepare(shop, 3)
    post(client, first)  # what a process reads once is read

    with recorded(shop.assembly.db.engine) as routed:
        post(client, over_http)
    with recorded(shop.assembly.db.engine) as bare:
        assert OPERATIONS[name].run(shop.assembly.db, without) == 200

    assert texts(bare) == texts(routed)


@pytest.mark.parametrize("path", READS)
def test_a_friends_reads_send_the_listed_queries(
    shop: Shop, client: FlaskClient, friends: list[str], path: str
) -> None:
    """The session, and what the page needs."""
    with recorded(shop.assembly.db.engine) as seen:
        get(client, path, friends[0])

    assert queries(seen) == READS[path]


@pytest.mark.parametrize("path", READS_OF_THE_REFERRER)
def test_a_referrers_reads_cost_the_same_with_many_friends(
    shop: Shop, client: FlaskClient, friends: list[str], path: str
) -> None:
    """Twelve friends are read in as many queries as one."""
    counts = []

    for _ in range(2):
        with recorded(shop.assembly.db.engine) as seen:
            get(client, path, shop.referrer.token)
        counts.append(queries(seen))
        [more] = claims_of(shop, shop.codes[0], 1)
        post(client, more)

    assert len(friends) == 12
    assert counts == [READS_OF_THE_REFERRER[path]] * 2


def test_a_visit_that_is_rewarded_sends_the_listed_queries(
    empty_database_url: str, tmp_path: Path
) -> None:
    """Visit, referral, decision, two rewards, message: 36 queries in two transactions."""
    shop = open_shop(empty_database_url, tmp_path)
    visits = first_visits(shop, 3)
    settle(shop)
    shop.assembly.db.engine.dispose()
    worker = worker_at(empty_database_url, tmp_path)
    worker.follow(visits[0])

    counts = []
    for visit in visits[1:]:
        with recorded(worker.db.engine) as seen:
            worker.follow(visit)
        commits = sum(sql == "COMMIT" for sql, _ in seen)
        counts.append((queries(seen), commits))
    worker.db.engine.dispose()

    assert counts == [(36, 2)] * 2


def test_a_look_at_a_poster_sends_one_query(
    shop: Shop, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is on it; and a phone that has the picture costs no drawing either."""
    campaign = shop.assembly.db.read(campaigns.find_default)
    assert campaign is not None
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {shop.referrer.token}"})
    assert me.json is not None
    wish = posters.Wish(campaign.id, None, "qr", None)
    renderer = posters.renderer_of(shop.assembly.parts)
    made = renderer.make(me.json["id"], wish)
    address = f"/media/posters/{made.image_key}.jpg"

    with recorded(shop.assembly.db.engine) as seen:
        first = client.get(address)
    assert (first.status_code, queries(seen)) == (200, 1)

    monkeypatch.setattr(renderer, "draw", None)  # calling it would be an error
    with recorded(shop.assembly.db.engine) as seen:
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, queries(seen)) == (304, b"", 1)
