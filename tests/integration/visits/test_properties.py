"""Whatever is reported, refunded, cancelled and merged, visits stay in order."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_person, make_store
from tests.invariants import assert_visits_agree
from wxapp_backend.features.visits import api as visits
from wxapp_backend.infra.db import Database, Tx
from wxapp_backend.kernel.errors import AppError

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["till", "redeem", "gift", "cancel", "refund", "merge"]),
        st.sampled_from([0, 1]),
        st.integers(0, 6),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,  # a busy machine is no failure of the code
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=MOVES)
def test_numbers_and_sums_hold_after_every_move(
    db: Database, moves: list[tuple[str, int, int]]
) -> None:
    """Numbers stay unique, counters ahead of them, refunds within what was paid."""
    with db.transaction() as tx:
        store = make_store(tx)
        people = [make_person(tx, name) for name in ("Ada", "Ben")]
        made: list[str] = []
        for move, who, number in moves:
            # A new run meets the rows of earlier ones: order numbers carry the store's id.
            order_no = f"{store}-{number}"
            try:
                tx.attempt(
                    lambda inner, m=move, p=people, w=who, o=order_no: play(  # type: ignore[misc] # bound now
                        inner, m, (p[w], p[1 - w]), (store, o), made
                    )
                )
            except AppError:
                continue
            assert_visits_agree(tx)


def play(
    tx: Tx, move: str, people: tuple[str, str], order: tuple[str, str], made: list[str]
) -> None:
    """Make one move of the first person, or with the last visit that was made."""
    store, order_no = order
    match move:
        case "cancel" if made:
            visits.cancel(tx, made.pop())
        case "refund":
            visits.refund(tx, order_no, refund_no=f"R{len(made) % 3}", amount_fen=40)
        case "merge":
            visits.merge(tx, from_id=people[0], into_id=people[1])
        case "till" | "redeem" | "gift":
            amount = 0 if move == "gift" else 100
            new = visits.NewVisit(
                person_id=people[0],
                store_id=store,
                amount_fen=amount,
                paid_at=tx.now,
                source="till" if move == "till" else "redemption",
                order_no=order_no,
            )
            made.append(visits.record(tx, new).id)
        case _:
            return
