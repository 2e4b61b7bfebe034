"""The same poster asked for again: by several requests at once, and later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, update

from bench.statements import recorded
from tests.integration.front import Front
from wxapp_backend.drawing import read_code
from wxapp_backend.features.posters.domain import Wish
from wxapp_backend.features.posters.models import PosterRow
from wxapp_backend.features.posters.service.requesting import PosterRequest


def test_a_first_poster_asked_for_at_once_is_one(front: Front) -> None:
    """Losers of the race find the winner's row; all get its one address, and the code is there."""
    person = front.person("王小美")
    wish = Wish(front.campaign_id, None, "qr", None)

    def make(_: int) -> PosterRequest:
        return front.renderer.make(person.id, wish)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(8)))

    [row] = front.do(lambda tx: tx.session.scalars(select(PosterRow)).all())
    assert {(each.poster_id, each.image_key) for each in made} == {(row.id, row.image_key)}
    payload = read_code(front.renderer.picture(row.image_key))
    assert payload == made[0].code.payload
    assert payload.endswith(front.code_of(person))


def test_a_poster_follows_the_persons_code(front: Front) -> None:
    """Somebody whose code is another now, as after a merge: the row names the new one."""
    person = front.person("王小美")
    wish = Wish(front.campaign_id, None, "qr", None)
    made = front.renderer.make(person.id, wish)
    front.do(lambda tx: tx.session.execute(update(PosterRow).values(referral_code="22222222")))

    again = front.renderer.make(person.id, wish)

    [row] = front.do(lambda tx: tx.session.scalars(select(PosterRow)).all())
    assert (row.id, row.referral_code) == (made.poster_id, front.code_of(person))
    assert again.code.payload == made.code.payload


def test_a_poster_that_is_kept_writes_nothing(front: Front) -> None:
    """Whoever looks at the own poster again does not queue up before the database's writers."""
    person = front.person("王小美")
    wish = Wish(front.campaign_id, None, "qr", None)
    first = front.renderer.make(person.id, wish)

    with recorded(front.harness.db.engine) as statements:
        again = front.renderer.make(person.id, wish)

    assert again == first
    sent = {sql.partition("\n")[0] for sql, _ in statements if not sql.startswith("SELECT")}
    assert sent <= {"BEGIN", "ROLLBACK"}
