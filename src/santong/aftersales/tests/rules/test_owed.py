"""Which units a broken term is about, where nobody has to be asked."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from santong.aftersales.rules.owed import FreeLine, units_meant


class Case(NamedTuple):
    name: str
    left: tuple[int, ...]
    meant: dict[int, int]
    goods: dict[str, int] = {}  # noqa: RUF012  of a named tuple
    skus: tuple[str, ...] = ("coat", "belt", "coat")


CASES = [
    Case("the only unit there is", (1, 0, 0), {0: 1}),
    Case("two units might be meant", (2, 0, 0), {}),
    Case("two lines might be meant", (1, 1, 0), {}),
    Case("everything is in cases already", (0, 0, 0), {}),
    Case("named goods of one line", (2, 1, 0), {1: 1}, {"belt": 1}),
    Case("named goods of two lines", (2, 1, 1), {0: 2, 2: 1}, {"coat": 3}),
    Case("several goods", (2, 1, 1), {0: 1, 1: 1}, {"coat": 1, "belt": 1}),
    Case("more than is left", (2, 1, 0), {}, {"coat": 3}),
    Case("a part that is no line of the order", (2, 1, 0), {}, {"screw": 1}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_units_meant(case: Case) -> None:
    lines = [
        FreeLine(line_id=place, sku_code=sku, left=left)
        for place, (sku, left) in enumerate(zip(case.skus, case.left, strict=True))
    ]

    assert units_meant(case.goods, lines) == case.meant
