"""Reviews and their content check, with deliveries carried out by the real machinery."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.conftest import FakeClock, Harness
from tests.factories import make_person, make_store, make_visit
from wxapp_backend.features.visits import api as visits
from wxapp_backend.features.visits.events import ReviewCheckDue
from wxapp_backend.features.visits.handlers import on_review_check_due, review_check
from wxapp_backend.features.visits.models import ReviewRow
from wxapp_backend.features.visits.ports import Opinion
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.outbox.handlers import in_tx
from wxapp_backend.infra.outbox.rows import EventRow
from wxapp_backend.kernel.errors import NotFound


class WeChatOpinion:
    """Stands for WeChat's content check: says what it is told to, and notes what it was asked."""

    def __init__(self) -> None:
        self.answer: Opinion = "pass"
        self.asked: list[tuple[str, str]] = []

    def __call__(self, openid: str, text: str, /) -> Opinion:
        """Return the set opinion."""
        self.asked.append((openid, text))
        return self.answer


@pytest.fixture
def opinion() -> WeChatOpinion:
    """Return a check that passes everything until told otherwise."""
    return WeChatOpinion()


@pytest.fixture
def shop(engine: Engine, clock: FakeClock, opinion: WeChatOpinion) -> Harness:
    """Return a database in which submitted reviews are checked."""
    return Harness(
        engine,
        clock,
        {"visits.review.submitted": ["check"], "visits.review_check.due": ["due"]},
        {"check": review_check(opinion), "due": in_tx(ReviewCheckDue, on_review_check_due)},
    )


@pytest.fixture
def visit(shop: Harness) -> visits.Visit:
    """Return a visit of 李静."""
    return shop.db.run(lambda tx: make_visit(tx, make_person(tx), make_store(tx)))


def review_of(
    visit: visits.Visit, text: str = "多亏朋友推荐", *, shared: bool = True
) -> visits.NewReview:
    """Return five stars with these words."""
    return visits.NewReview(
        person_id=visit.person_id, visit_id=visit.id, rating=5, text=text, shared=shared
    )


def state(shop: Harness) -> str:
    """Return the state of the only review."""
    return shop.db.read(lambda tx: tx.session.scalars(select(ReviewRow.state)).one())


def written(shop: Harness) -> int:
    """Return how many reviews were announced as written."""
    statement = select(EventRow).where(EventRow.name == "visits.review.written")
    return len(shop.db.read(lambda tx: tx.session.scalars(statement).all()))


def words(shop: Harness, visit: visits.Visit) -> str | None:
    """Return what the referrer may read."""
    return shop.db.read(lambda tx: visits.words_for(tx, visit.id))


def test_words_are_read_by_others_only_after_the_check(
    shop: Harness, visit: visits.Visit, opinion: WeChatOpinion
) -> None:
    """Until WeChat has passed them nobody reads the words; then the referrer does."""
    shop.db.run(lambda tx: visits.write_review(tx, review_of(visit)))
    assert (state(shop), words(shop, visit), written(shop)) == ("checking", None, 0)

    shop.settle()

    assert opinion.asked == [("openid-李静", "多亏朋友推荐")]
    assert (state(shop), words(shop, visit), written(shop)) == ("published", "多亏朋友推荐", 1)


def test_words_that_are_not_shared_stay_with_the_shop(shop: Harness, visit: visits.Visit) -> None:
    """A published review without consent is not told to the referrer."""
    shop.db.run(lambda tx: visits.write_review(tx, review_of(visit, shared=False)))
    shop.settle()

    assert (state(shop), words(shop, visit)) == ("published", None)


@pytest.mark.parametrize("answer", ["risky", "review"])
def test_doubtful_words_are_held(
    shop: Harness, visit: visits.Visit, opinion: WeChatOpinion, answer: Opinion
) -> None:
    """What WeChat does not pass is announced to nobody."""
    opinion.answer = answer
    shop.db.run(lambda tx: visits.write_review(tx, review_of(visit)))
    shop.settle()

    assert (state(shop), words(shop, visit), written(shop)) == ("held", None, 0)


def test_words_that_cannot_be_judged_are_held_and_asked_about_again(
    shop: Harness, visit: visits.Visit, opinion: WeChatOpinion, clock: FakeClock
) -> None:
    """WeChat's "not visited lately" holds the review; an hour later it is asked again."""
    opinion.answer = "unavailable"
    shop.db.run(lambda tx: visits.write_review(tx, review_of(visit)))
    shop.settle()
    assert (state(shop), len(opinion.asked)) == ("held", 1)

    opinion.answer = "pass"
    clock.advance(hours=1)
    shop.db.run(lambda tx: tx.emit(ReviewCheckDue()))
    shop.settle()

    assert (state(shop), written(shop), len(opinion.asked)) == ("published", 1, 2)


def test_asking_again_ends_after_three_days(
    shop: Harness, visit: visits.Visit, opinion: WeChatOpinion, clock: FakeClock
) -> None:
    """A writer who does not come back leaves the review with the shop."""
    opinion.answer = "unavailable"
    shop.db.run(lambda tx: visits.write_review(tx, review_of(visit)))
    shop.settle()
    for _ in range(4):
        clock.advance(days=1)
        shop.db.run(lambda tx: tx.emit(ReviewCheckDue()))
        shop.settle()

    assert (state(shop), len(opinion.asked)) == ("held", 4)


def test_a_rating_without_words_needs_no_check(
    shop: Harness, visit: visits.Visit, opinion: WeChatOpinion
) -> None:
    """Stars alone are published at once and put no words into anybody's mouth."""
    review = shop.db.run(lambda tx: visits.write_review(tx, review_of(visit, "")))
    shop.settle()

    assert (review.state, opinion.asked, words(shop, visit)) == ("published", [], None)
    assert written(shop) == 1


def test_a_visit_is_reviewed_once_and_by_its_visitor(tx: Tx) -> None:
    """A second review and somebody else's are refused."""
    visit = make_visit(tx, make_person(tx), make_store(tx))
    visits.write_review(tx, review_of(visit))

    with pytest.raises(visits.AlreadyReviewed):
        visits.write_review(tx, review_of(visit))
    stranger = visits.NewReview(person_id=make_person(tx, "Ben"), visit_id=visit.id, rating=1)
    with pytest.raises(NotFound):
        visits.write_review(tx, stranger)


def test_forgetting_a_person_drops_the_words_and_keeps_the_visit(tx: Tx) -> None:
    """Erasure removes what the person wrote; the shop's books stay."""
    visit = make_visit(tx, make_person(tx), make_store(tx))
    visits.write_review(tx, review_of(visit))

    visits.forget(tx, visit.person_id)

    [(kept, review)] = visits.list_for(tx, visit.person_id)[0]
    assert kept.id == visit.id
    assert review is not None
    assert review.words == ""
