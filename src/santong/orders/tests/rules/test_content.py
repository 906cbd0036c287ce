"""When two hand-ins under one number are the same order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any, NamedTuple

import pytest

from santong.orders.contracts import NewOrder
from santong.orders.rules.content import canonical, differing
from santong.orders.tests.factories import (
    PLACED_AT,
    RECIPIENT,
    make_new_line,
    make_new_order,
    make_payment,
)

BEIJING = timezone(timedelta(hours=8))
FIRST = make_new_order(lines=[make_new_line(), make_new_line(sku_code="SHIRT")])


class Case(NamedTuple):
    name: str
    again: NewOrder


def other(**given: Any) -> NewOrder:
    return replace(FIRST, **given)


SAME = [
    Case("sent again", FIRST),
    Case("with its payment", other(payment=make_payment())),
    Case("with a time in another offset", other(placed_at=PLACED_AT.astimezone(BEIJING))),
    Case("with its total spelled out", other(total_minor=39_800)),
    Case("with an empty text for none", other(guide_code="", seller_location_code="")),
]

DIFFERENT = [
    (Case("another freight", other(freight_minor=1)), ("/freight_minor",)),
    (
        Case("another person", other(recipient=replace(RECIPIENT, name="李雷", phone="1"))),
        ("/recipient/name", "/recipient/phone"),
    ),
    (
        Case(
            "another quantity",
            other(lines=(make_new_line(), make_new_line(sku_code="SHIRT", quantity=2))),
        ),
        ("/lines/1/quantity",),
    ),
    (Case("a line less", other(lines=(make_new_line(),))), ("/lines",)),
    (Case("another note", other(buyer_note="快点")), ("/buyer_note",)),
]


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.name)
def test_the_same_order(case: Case) -> None:
    assert canonical(case.again) == canonical(FIRST)
    assert differing(first=FIRST, again=case.again) == ()


@pytest.mark.parametrize(
    ("case", "pointers"), DIFFERENT, ids=lambda part: getattr(part, "name", "")
)
def test_another_order(case: Case, pointers: tuple[str, ...]) -> None:
    assert canonical(case.again) != canonical(FIRST)
    assert differing(first=FIRST, again=case.again) == pointers
