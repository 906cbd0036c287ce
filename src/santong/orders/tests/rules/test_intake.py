"""Every wrong field of an order is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from santong.orders.contracts import NewOrder, Recipient
from santong.orders.rules.intake import problems_of, problems_of_payment
from santong.orders.tests.factories import (
    RECIPIENT,
    make_new_line,
    make_new_order,
    make_payment,
)


class Case(NamedTuple):
    name: str
    given: dict[str, Any]
    pointer: str
    reason: str


NAIVE = datetime(2026, 11, 11, 15, 20)  # noqa: DTZ001  the mistake that is refused

CASES = [
    Case("no storefront", {"storefront_code": ""}, "/storefront_code", "missing"),
    Case("no number", {"external_number": " "}, "/external_number", "missing"),
    Case("a number too long", {"external_number": "9" * 65}, "/external_number", "too_long"),
    Case(
        "half a character",
        {"external_number": "A\ud83d"},
        "/external_number",
        "nul_or_half_a_character",
    ),
    Case("a NUL in the note", {"buyer_note": "a\x00b"}, "/buyer_note", "nul_or_half_a_character"),
    Case("a time without offset", {"placed_at": NAIVE}, "/placed_at", "no_offset"),
    Case("no currency", {"currency": "yuan"}, "/currency", "not_a_currency"),
    Case("an unknown mode", {"mode": "drone"}, "/mode", "unknown"),
    Case("a pickup from nowhere", {"mode": "pickup"}, "/pickup_location_code", "missing"),
    Case(
        "a pickup place for a parcel",
        {"pickup_location_code": "S1"},
        "/pickup_location_code",
        "only_for_pickup",
    ),
    Case("negative freight", {"freight_minor": -1}, "/freight_minor", "below_zero"),
    Case("a fraction of a fen", {"freight_minor": 0.5}, "/freight_minor", "not_whole"),
    Case("a truth for a number", {"discount_minor": True}, "/discount_minor", "not_whole"),
    Case("no lines", {"lines": ()}, "/lines", "missing"),
    Case("too many lines", {"lines": (make_new_line(),) * 501}, "/lines", "too_many"),
    Case("no units", {"lines": (make_new_line(quantity=0),)}, "/lines/0/quantity", "not_positive"),
    Case(
        "too many units",
        {"lines": (make_new_line(quantity=1_000_001),)},
        "/lines/0/quantity",
        "too_large",
    ),
    Case(
        "a price beyond sense",
        {"lines": (make_new_line(unit_price_minor=10**12),)},
        "/lines/0/unit_price_minor",
        "too_large",
    ),
    Case("no SKU", {"lines": (make_new_line(sku_code=""),)}, "/lines/0/sku_code", "missing"),
    Case(
        "a payment in another currency",
        {"payment": make_payment(currency="USD")},
        "/payment/currency",
        "not_the_orders_currency",
    ),
    Case(
        "a payment of nothing",
        {"payment": make_payment(amount_minor=0)},
        "/payment/amount_minor",
        "not_positive",
    ),
]

RECIPIENTS = [
    Case("nobody", {"name": ""}, "/recipient/name", "missing"),
    Case("nowhere", {"address": ""}, "/recipient/address", "missing"),
    Case("no city", {"city": ""}, "/recipient/city", "missing"),
    Case("a country spelled out", {"country": "China"}, "/recipient/country", "not_a_country"),
    Case("half a coordinate", {"longitude": None}, "/recipient/longitude", "missing"),
    Case("north of the pole", {"latitude": 90.1}, "/recipient/latitude", "out_of_range"),
    Case("not a number", {"longitude": float("nan")}, "/recipient/longitude", "out_of_range"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_field_is_named(case: Case) -> None:
    (problem,) = problems_of(new=make_new_order(**case.given))

    assert (problem.pointer, problem.reason) == (case.pointer, case.reason)


@pytest.mark.parametrize("case", RECIPIENTS, ids=lambda case: case.name)
def test_a_wrong_field_of_the_recipient_is_named(case: Case) -> None:
    new = make_new_order(recipient=replace(RECIPIENT, **case.given))

    (problem,) = problems_of(new=new)

    assert (problem.pointer, problem.reason) == (case.pointer, case.reason)


def test_every_wrong_field_is_named_at_once() -> None:
    new = make_new_order(
        storefront_code="",
        freight_minor=-1,
        lines=[make_new_line(quantity=0), make_new_line(sku_code="")],
        recipient=replace(RECIPIENT, name="", country="?"),
    )

    pointers = {problem.pointer for problem in problems_of(new=new)}

    assert pointers == {
        "/storefront_code",
        "/freight_minor",
        "/lines/0/quantity",
        "/lines/1/sku_code",
        "/recipient/name",
        "/recipient/country",
    }


def test_a_good_order_has_no_problems() -> None:
    assert problems_of(new=make_new_order(payment=make_payment())) == ()


def test_a_pickup_needs_nobody_at_home() -> None:
    new = make_new_order(mode="pickup", pickup_location_code="S1", recipient=Recipient())

    assert problems_of(new=new) == ()


def test_a_problem_never_repeats_what_was_sent() -> None:
    new = make_new_order(recipient=replace(RECIPIENT, phone="1" * 41, name="n" * 101))

    assert "1" * 10 not in str(problems_of(new=new))
    assert "nnn" not in str(problems_of(new=new))


def test_what_names_a_person_shows_in_no_repr() -> None:
    new: NewOrder = make_new_order(buyer_note="打 13800138000")

    shown = repr(new)

    assert "13800138000" not in shown
    assert "王小明" not in shown
    assert "文三路" not in shown


def test_problems_of_a_payment_point_into_the_payment() -> None:
    payment = make_payment(external_id="", currency="USD")

    pointers = [problem.pointer for problem in problems_of_payment(payment=payment, currency="CNY")]

    assert pointers == ["/external_id", "/currency"]
