"""Money goes back, and invoices follow: cut before they leave, taken back after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from santong.invoicing import public as invoicing
from santong.invoicing.events import InvoiceCancelled
from santong.invoicing.models import Invoice
from santong.invoicing.tests.factories import NOW, PERSON, ask, make_seller, make_sold, work
from santong.membership.tests.factories import facts_told
from santong.orders import public as orders

HOUR = timedelta(hours=1)


def refund(merchant_id: int, order: orders.Order, minor: int, key: str = "1") -> None:
    invoicing.follow_money(
        merchant_id=merchant_id, order_id=order.id, refund_key=key, refunded_minor=minor, now=NOW
    )


def cancel(merchant_id: int, order: orders.Order) -> None:
    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="不要了", now=NOW)
    invoicing.follow_money(merchant_id=merchant_id, order_id=order.id, now=NOW)


def shown(merchant_id: int) -> list[tuple[Any, ...]]:
    rows = Invoice.objects.of_merchant(merchant_id).order_by("id")
    return list(rows.values_list("kind", "state", "total_minor"))


@pytest.fixture
def sold(merchant_id: int) -> orders.Order:
    make_seller(merchant_id)
    return make_sold(merchant_id)


def test_an_issued_invoice_is_taken_back_for_exactly_what_went_back(
    merchant_id: int, sold: orders.Order
) -> None:
    ask(merchant_id, sold)
    work(merchant_id)

    refund(merchant_id, sold, 10_000)
    work(merchant_id, rounds=2)

    assert shown(merchant_id) == [("blue", "issued", 59_700), ("red", "issued", 10_000)]
    assert invoicing.check_invariants(merchant_id=merchant_id) == []


def test_a_refund_that_is_heard_of_twice_is_taken_back_once(
    merchant_id: int, sold: orders.Order
) -> None:
    ask(merchant_id, sold)
    work(merchant_id)

    for _ in range(3):
        refund(merchant_id, sold, 10_000)
    refund(merchant_id, sold, 5_000, key="2")
    work(merchant_id, rounds=2)

    assert shown(merchant_id)[1:] == [("red", "issued", 10_000), ("red", "issued", 5_000)]


def test_a_cancelled_order_is_taken_back_whole_and_its_refund_changes_nothing(
    merchant_id: int, sold: orders.Order
) -> None:
    ask(merchant_id, sold)
    work(merchant_id)

    cancel(merchant_id, sold)
    refund(merchant_id, sold, 59_700)
    work(merchant_id, rounds=2)

    blue, red = invoicing.invoices_of(merchant_id=merchant_id, document=f"order:{sold.id}")
    assert (red.state, red.total_minor, red.tax_minor) == ("issued", 59_700, blue.tax_minor)
    assert blue.reversed_minor == 59_700
    assert red.title == blue.title
    with pytest.raises(invoicing.NothingToInvoice):
        ask(merchant_id, sold, key="again")


def test_a_request_that_has_not_left_is_cut_down_or_cancelled(
    merchant_id: int, sold: orders.Order
) -> None:
    ask(merchant_id, sold)

    refund(merchant_id, sold, 10_000)
    cut = shown(merchant_id)
    refund(merchant_id, sold, 49_700, key="2")
    work(merchant_id)

    assert cut == [("blue", "requested", 49_700)]
    assert shown(merchant_id) == [("blue", "cancelled", 49_700)]
    assert len(facts_told(merchant_id=merchant_id, kind=InvoiceCancelled)) == 1
    assert invoicing.check_invariants(merchant_id=merchant_id) == []


def test_a_sent_one_waits_for_its_answer_before_it_is_taken_back(merchant_id: int) -> None:
    make_seller(merchant_id, settings={"mood": "slow"})
    sold = make_sold(merchant_id)
    ask(merchant_id, sold)
    work(merchant_id)

    refund(merchant_id, sold, 10_000)
    work(merchant_id)
    waiting = shown(merchant_id)
    for hours in range(12):
        work(merchant_id, now=NOW + hours * HOUR)

    assert waiting == [("blue", "sent", 59_700), ("red", "requested", 10_000)]
    assert shown(merchant_id) == [("blue", "issued", 59_700), ("red", "issued", 10_000)]


def test_what_was_to_be_taken_back_of_a_refused_one_is_over(merchant_id: int) -> None:
    make_seller(merchant_id, settings={"mood": "lost", "quota_minor": "1"})
    sold = make_sold(merchant_id)
    ask(merchant_id, sold)
    work(merchant_id)

    refund(merchant_id, sold, 10_000)
    for hours in range(4):
        work(merchant_id, now=NOW + hours * HOUR)

    assert shown(merchant_id) == [("blue", "refused", 59_700), ("red", "cancelled", 10_000)]
    assert invoicing.check_invariants(merchant_id=merchant_id) == []
    make_seller(merchant_id)
    (again,) = ask(merchant_id, sold, key="again")
    assert again.total_minor == 49_700


def test_what_is_left_uninvoiced_goes_back_before_an_invoice_is_taken_back(
    merchant_id: int, sold: orders.Order
) -> None:
    ask(merchant_id, sold, amount_by_line={str(sold.lines[0].id): 19_900})
    work(merchant_id)

    cancel(merchant_id, sold)

    assert shown(merchant_id) == [("blue", "issued", 19_900), ("red", "requested", 19_900)]


def test_a_held_red_one_waits_until_somebody_lets_it_go(merchant_id: int) -> None:
    make_seller(merchant_id, red_policy="held")
    sold = make_sold(merchant_id)
    ask(merchant_id, sold)
    work(merchant_id)
    refund(merchant_id, sold, 10_000)
    work(merchant_id, rounds=2)
    held = shown(merchant_id)[1]
    red = Invoice.objects.of_merchant(merchant_id).get(kind="red")

    invoicing.ask_anew(merchant_id=merchant_id, invoice_id=red.id, reason="核对过", now=NOW)
    work(merchant_id, rounds=2)

    assert held == ("red", "requested", 10_000)
    assert shown(merchant_id)[1] == ("red", "issued", 10_000)


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("denied", "the buyer said no"),
        ("expired", "the buyer did not confirm within 72 hours"),
    ],
)
def test_a_red_one_that_the_buyer_does_not_confirm_stays_owed(
    merchant_id: int, mood: str, why: str
) -> None:
    make_seller(merchant_id, settings={"mood": mood})
    sold = make_sold(merchant_id)
    ask(merchant_id, sold, form="special")
    work(merchant_id)
    refund(merchant_id, sold, 10_000)
    for hours in range(8):
        work(merchant_id, now=NOW + hours * HOUR)
    red = Invoice.objects.of_merchant(merchant_id).get(kind="red")
    refused = (red.state, red.why)

    make_seller(merchant_id)
    invoicing.ask_anew(merchant_id=merchant_id, invoice_id=red.id, reason="买方已同意", now=NOW)
    work(merchant_id, rounds=2)

    assert refused == ("refused", why)
    red.refresh_from_db()
    assert (red.state, red.round) == ("issued", 2)
    assert invoicing.check_invariants(merchant_id=merchant_id) == []


def test_a_buyer_who_deducted_confirms_before_a_special_one_is_taken_back(merchant_id: int) -> None:
    make_seller(merchant_id, settings={"mood": "waiting"})
    sold = make_sold(merchant_id)
    ask(merchant_id, sold, form="special")
    work(merchant_id)
    refund(merchant_id, sold, 10_000)

    work(merchant_id)
    waiting = shown(merchant_id)[1]
    for hours in range(8):
        work(merchant_id, now=NOW + hours * HOUR)

    assert waiting == ("red", "waiting_confirmation", 10_000)
    assert shown(merchant_id)[1] == ("red", "issued", 10_000)


def test_an_issued_invoice_is_not_asked_anew(merchant_id: int, sold: orders.Order) -> None:
    (made,) = ask(merchant_id, sold, title=PERSON)
    work(merchant_id)

    with pytest.raises(invoicing.StatePassed):
        invoicing.ask_anew(merchant_id=merchant_id, invoice_id=made.id, reason="试试", now=NOW)
