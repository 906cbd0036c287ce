"""Parts of a refund cover the lines that it is for."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from santong.settlement.rules.slices import slice_of

amounts = st.dictionaries(st.integers(1, 50), st.integers(1, 10_000), min_size=1, max_size=6)


@given(amount_by_line=amounts, cuts=st.lists(st.integers(0, 100), max_size=4))
def test_parts_together_cover_each_line_exactly(
    amount_by_line: dict[int, int], cuts: list[int]
) -> None:
    total = sum(amount_by_line.values())
    marks = [0, *sorted(total * cut // 100 for cut in cuts), total]
    parts = [end - begin for begin, end in itertools.pairwise(marks)]

    covered: Counter[int] = Counter()
    for place, amount in enumerate(parts):
        found = slice_of(amount_by_line, before=parts[:place], amount_minor=amount)
        assert sum(found.values()) == amount
        covered.update(found)

    assert dict(covered) == amount_by_line
