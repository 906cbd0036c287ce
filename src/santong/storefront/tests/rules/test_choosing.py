"""Which programme a link offers."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from santong.storefront.rules.choosing import programme_for


class Offered(NamedTuple):
    code: str
    brand_id: int
    is_open: bool = True


OFFERED = [Offered("old", 1, is_open=False), Offered("spring", 2), Offered("far", 3)]


class Case(NamedTuple):
    name: str
    code: str
    brand_id: int | None
    chosen: str


CASES = [
    Case("nothing is said", "", None, "spring"),
    Case("the store says its brand", "", 3, "far"),
    Case("the link says it", "far", 2, "far"),
    Case("what is closed is not offered", "old", 1, "spring"),
    Case("what is not known is not offered", "nowhere", None, "spring"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_link_then_the_store_then_the_first(case: Case) -> None:
    chosen = programme_for(offered=OFFERED, code=case.code, brand_id=case.brand_id)

    assert chosen is not None
    assert chosen.code == case.chosen


def test_where_nothing_is_open_nobody_is_asked() -> None:
    assert programme_for(offered=OFFERED[:1], code="old", brand_id=1) is None
