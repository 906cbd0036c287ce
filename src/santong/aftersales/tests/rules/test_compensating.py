"""Compensation lowers what goods are worth: once, and never below nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.aftersales.rules.compensating import Counted, LineLeft, to_count

fen = st.integers(min_value=0, max_value=1_000_000)
lefts = st.lists(fen, min_size=1, max_size=6)


def _lines(*amounts: int) -> list[LineLeft]:
    return [
        LineLeft(line_id=place, sku_code=f"sku-{place}", left_minor=amount)
        for place, amount in enumerate(amounts)
    ]


def _of(amount: int, *skus: str, counted: dict[int, int] | None = None) -> Counted:
    return Counted(
        breach_id=1,
        amount_minor=amount,
        sku_codes=frozenset(skus),
        counted_by_line=counted or {},
    )


@given(amounts=lefts, brought=st.lists(fen, min_size=1, max_size=4))
def test_all_of_it_counts_once_and_no_line_is_lowered_below_nothing(
    amounts: list[int], brought: list[int]
) -> None:
    lines = _lines(*amounts)
    every = [
        Counted(breach_id=n, amount_minor=amount, sku_codes=frozenset(), counted_by_line={})
        for n, amount in enumerate(brought)
    ]

    found = to_count(every, lines)
    again = [
        Counted(
            breach_id=each.breach_id,
            amount_minor=each.amount_minor,
            sku_codes=each.sku_codes,
            counted_by_line={line: n for (of, line), n in found.items() if of == each.breach_id},
        )
        for each in every
    ]
    left = [
        LineLeft(
            line_id=line.line_id,
            sku_code=line.sku_code,
            left_minor=line.left_minor
            - sum(n for (_, line_id), n in found.items() if line_id == line.line_id),
        )
        for line in lines
    ]

    assert sum(found.values()) == min(sum(amounts), sum(brought))
    assert all(line.left_minor >= 0 for line in left)
    assert sum(to_count(again, left).values()) == 0


def test_what_is_for_certain_goods_lowers_these_alone() -> None:
    found = to_count([_of(300, "sku-1")], _lines(1_000, 500))

    assert found == {(1, 1): 300}


def test_what_is_for_the_whole_order_lowers_all_of_it_in_proportion() -> None:
    found = to_count([_of(300)], _lines(1_000, 500))

    assert found == {(1, 0): 200, (1, 1): 100}


def test_what_has_grown_since_counts_with_what_is_more() -> None:
    found = to_count([_of(300, counted={0: 100})], _lines(900))

    assert found == {(1, 0): 200}
