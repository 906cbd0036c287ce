"""The shape of an order as JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from santong.gateway.rules.handed_in import read_order
from santong.gateway.tests.factories import make_document, make_payment_document
from santong.orders import public as orders


class Case(NamedTuple):
    name: str
    change: dict[str, Any]
    pointer: str
    reason: str


CASES = [
    Case("a misspelt field", {"frieght_minor": 1}, "/frieght_minor", "unknown_field"),
    Case("a number as text", {"freight_minor": "1"}, "/freight_minor", "not_whole"),
    Case("a fraction", {"freight_minor": 1.5}, "/freight_minor", "not_whole"),
    Case("a truth", {"freight_minor": True}, "/freight_minor", "not_whole"),
    Case("a number beyond sense", {"freight_minor": 2**60}, "/freight_minor", "too_large"),
    Case("no offset", {"placed_at": "2026-11-11T15:20:00"}, "/placed_at", "no_offset"),
    Case("no instant", {"placed_at": "yesterday"}, "/placed_at", "not_an_instant"),
    Case("an unknown mode", {"mode": "drone"}, "/mode", "unknown"),
    Case("lines that are none", {"lines": {}}, "/lines", "not_a_list"),
    Case("a line that is none", {"lines": ["COAT"]}, "/lines/0", "not_an_object"),
    Case("a recipient that is none", {"recipient": "me"}, "/recipient", "not_an_object"),
    Case("a name that is none", {"recipient": {"name": 7}}, "/recipient/name", "not_a_text"),
    Case("text without end", {"buyer_note": "x" * 2_001}, "/buyer_note", "too_long"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_field_is_named_in_a_stable_word(case: Case) -> None:
    with pytest.raises(orders.InvalidOrder) as refused:
        read_order(document=make_document(**case.change))

    assert [(p.pointer, p.reason) for p in refused.value.errors] == [(case.pointer, case.reason)]


@pytest.mark.parametrize("document", [None, [], "x", 1, True])
def test_what_is_no_object_is_no_order(document: object) -> None:
    with pytest.raises(orders.InvalidOrder) as refused:
        read_order(document=document)

    assert [problem.reason for problem in refused.value.errors] == ["not_an_object"]


def test_a_document_becomes_an_order() -> None:
    document = make_document(payment=make_payment_document(), guide_code="G7")

    order = read_order(document=document)

    assert order.placed_at.isoformat() == "2026-11-11T15:20:00+08:00"
    assert order.lines == (orders.NewLine(sku_code="COAT", quantity=1, unit_price_minor=19_900),)
    assert order.recipient.name == "李桂花"
    assert order.payment is not None
    assert order.payment.amount_minor == 19_900
    assert order.guide_code == "G7"


def test_a_refusal_never_repeats_what_was_sent() -> None:
    document = make_document(recipient={"name": "李桂花", "phone": 13911112222})

    with pytest.raises(orders.InvalidOrder) as refused:
        read_order(document=document)

    assert "13911112222" not in str(refused.value)
    assert refused.value.__cause__ is None
