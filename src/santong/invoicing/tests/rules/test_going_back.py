"""What becomes of invoices when money goes back: exactly what is beyond, nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.invoicing.contracts import State
from santong.invoicing.rules.going_back import Cover, plan, returned_by_line

states: st.SearchStrategy[State] = st.sampled_from(["requested", "sent", "issued"])
covers_of = st.lists(
    st.tuples(states, st.sampled_from(["1", "2"]), st.integers(0, 1_000)), max_size=8
)


@given(drawn=covers_of, rooms=st.fixed_dictionaries({"1": st.integers(0, 3_000), "2": st.just(0)}))
def test_what_is_left_fits_the_room_and_no_more_is_taken(
    drawn: list[tuple[State, str, int]], rooms: dict[str, int]
) -> None:
    covers = [
        Cover(invoice_id=place, state=state, line=line, left_minor=left)
        for place, (state, line, left) in enumerate(drawn)
    ]

    made = plan(room_by_line=rooms, covers=covers)

    for line, room in rooms.items():
        covered = sum(cover.left_minor for cover in covers if cover.line == line)
        taken = [each.get(line, 0) for of in (made.cuts, made.reds) for each in of.values()]
        assert sum(taken) == max(0, covered - room)
    for cover in covers:
        into = made.cuts if cover.state == "requested" else made.reds
        other = made.reds if cover.state == "requested" else made.cuts
        assert into.get(cover.invoice_id, {}).get(cover.line, 0) <= cover.left_minor
        assert cover.invoice_id not in other


def test_what_has_not_left_is_cut_before_anything_is_taken_back() -> None:
    covers = [
        Cover(invoice_id=1, state="issued", line="1", left_minor=100),
        Cover(invoice_id=2, state="requested", line="1", left_minor=60),
        Cover(invoice_id=3, state="requested", line="1", left_minor=60),
        Cover(invoice_id=4, state="sent", line="1", left_minor=50),
    ]

    made = plan(room_by_line={"1": 80}, covers=covers)

    assert made.cuts == {3: {"1": 60}, 2: {"1": 60}}
    assert made.reds == {4: {"1": 50}, 1: {"1": 20}}


@given(
    payable=st.dictionaries(st.sampled_from("abc"), st.integers(0, 10_000), min_size=1),
    kept=st.dictionaries(
        st.sampled_from("abc"),
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda each: sum(each) > 0),
    ),
    refunds=st.lists(st.integers(0, 20_000), max_size=5),
)
def test_what_went_back_only_grows_and_never_beyond_what_was_paid(
    payable: dict[str, int], kept: dict[str, tuple[int, int]], refunds: list[int]
) -> None:
    known: dict[str, int] = {}
    refunded = 0

    for more in refunds:
        refunded += more
        returned = returned_by_line(
            payable_by_line=payable,
            kept_by_line=kept,
            known_by_line=known,
            refunded_minor=refunded,
        )
        again = returned_by_line(
            payable_by_line=payable,
            kept_by_line=kept,
            known_by_line=returned,
            refunded_minor=refunded,
        )
        assert again == returned
        assert all(known.get(line, 0) <= back <= payable[line] for line, back in returned.items())
        assert sum(returned.values()) >= min(refunded, sum(payable.values()))
        known = returned


def test_what_was_cancelled_goes_back_by_its_pieces_and_its_refund_changes_nothing() -> None:
    payable = {"1": 1_000, "2": 500, "freight": 100}
    kept = {"1": (2, 1), "2": (0, 4), "freight": (1, 0)}

    cancelled = returned_by_line(
        payable_by_line=payable, kept_by_line=kept, known_by_line={}, refunded_minor=0
    )
    refunded = returned_by_line(
        payable_by_line=payable, kept_by_line=kept, known_by_line=cancelled, refunded_minor=833
    )

    assert cancelled == {"1": 333, "2": 500, "freight": 0}
    assert refunded == cancelled
