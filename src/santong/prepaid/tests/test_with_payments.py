"""A card is bought with money, pays for an order, is refunded and closed: one set of books."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from santong.kernel.facts import fact_types, subscribers
from santong.payments import public as payments
from santong.payments.events import IntentEnded, MoneyReceived
from santong.payments.tests.factories import end_refunds
from santong.prepaid import contracts
from santong.prepaid.events import PrincipalPaidBack
from santong.prepaid.selectors.cards import top_up_by_id
from santong.prepaid.selectors.invariants import check_invariants
from santong.prepaid.services.close_card import close_card
from santong.prepaid.tests.factories import (
    BONUS,
    NOW,
    assert_sound,
    facts_told,
    make_card,
    make_programme,
    new_key,
    on_card,
    spent,
)

ORDER = "order:17"


def hear(merchant_id: int, fact: Any) -> None:
    """Let prepaid hear a fact, as the relay does; told twice, it has one effect."""
    name = next(name for name, known in fact_types().items() if known.cls is type(fact))
    for _ in range(2):
        subscribers()["prepaid"][name](fact, merchant_id=merchant_id, now=NOW)


def account(merchant_id: int, provider: str, method: str) -> str:
    return payments.open_payment_account(
        merchant_id=merchant_id,
        code=provider,
        provider=provider,
        method=method,  # type: ignore[arg-type]  # one of the words of the type
        name=provider,
        currency="CNY",
        now=NOW,
    ).code


def asked(
    merchant_id: int, document: str, amount_minor: int, *tenders: payments.NewTender
) -> payments.Intent:
    return payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=new_key(),
            document=document,
            currency="CNY",
            amount_minor=amount_minor,
            subject="order",
            expires_at=NOW + timedelta(minutes=15),
            tenders=tenders,
        ),
        seen={
            number: payments.Seen(state="paid", amount_minor=tender.amount_minor, at=NOW)
            for number, tender in enumerate(tenders, 1)
            if tender.account_code == "cash"
        },
        now=NOW,
    )


def of_cash(merchant_id: int, amount_minor: int) -> payments.NewTender:
    code = account(merchant_id, "cash", "cash")
    return payments.NewTender(account_code=code, amount_minor=amount_minor, way="none")


def of_card(
    merchant_id: int, sold: contracts.Sold, amount_minor: int, *, secret: str = ""
) -> payments.NewTender:
    return payments.NewTender(
        account_code=account(merchant_id, "prepaid", "prepaid"),
        amount_minor=amount_minor,
        way="none",
        token=f"{sold.number}:{secret or sold.secret}",
    )


def books(merchant_id: int, kind: str, owner: str) -> int:
    key = payments.AccountKey("money:CNY", kind, owner)
    return payments.balances(merchant_id=merchant_id, accounts=[key])[key].posted


def bought(merchant_id: int) -> contracts.Sold:
    """A card with 500.00 and 50.00 on top, paid for in cash."""
    programme = make_programme(merchant_id=merchant_id)
    sold = make_card(
        merchant_id=merchant_id,
        programme=programme,
        amount_minor=50_000,
        offer_code=BONUS.code,
        is_paid=False,
    )
    asked(merchant_id, sold.top_up.document, 50_000, of_cash(merchant_id, 50_000))
    for fact in facts_told(merchant_id=merchant_id, kind=MoneyReceived):
        hear(merchant_id, fact)
    return sold


def test_a_card_is_paid_for_and_filled_once(merchant_id: int) -> None:
    sold = bought(merchant_id)

    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (50_000, 5_000)
    assert books(merchant_id, "document", sold.top_up.document) == 0
    assert books(merchant_id, "stored_value", sold.card.programme_code) == 50_000
    assert_sound(merchant_id=merchant_id, is_booked=True)


def test_a_part_of_the_money_waits_for_the_rest(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, is_paid=False)
    asked(merchant_id, sold.top_up.document, 50_000, of_cash(merchant_id, 20_000))

    (fact,) = facts_told(merchant_id=merchant_id, kind=MoneyReceived)
    hear(merchant_id, fact)

    found = top_up_by_id(merchant_id=merchant_id, top_up_id=sold.top_up.id)
    assert found.state == "asked"


def test_what_nobody_pays_for_waits_no_more(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, is_paid=False)
    intent = asked(merchant_id, sold.top_up.document, 50_000)
    payments.cancel_intent(merchant_id=merchant_id, intent_id=intent.id, reason="left", now=NOW)

    (fact,) = facts_told(merchant_id=merchant_id, kind=IntentEnded)
    hear(merchant_id, fact)

    found = top_up_by_id(merchant_id=merchant_id, top_up_id=sold.top_up.id)
    assert found.state == "cancelled"


def test_an_order_is_paid_by_card_and_cash_and_both_sets_of_books_say_so(merchant_id: int) -> None:
    sold = bought(merchant_id)

    intent = asked(
        merchant_id,
        ORDER,
        20_000,
        of_card(merchant_id, sold, 11_000),
        of_cash(merchant_id, 9_000),
    )

    assert (intent.state, [each.state for each in intent.tenders]) == (
        "paid",
        ["captured", "captured"],
    )
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (40_000, 4_000)
    assert books(merchant_id, "document", ORDER) == 20_000
    assert books(merchant_id, "stored_value", sold.card.programme_code) == 40_000
    assert books(merchant_id, "bonus_cost", sold.card.programme_code) == -1_000
    assert_sound(merchant_id=merchant_id, is_booked=True)


def test_a_float_that_nobody_booked_is_found(merchant_id: int) -> None:
    sold = bought(merchant_id)
    spent(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=11_000)

    found = check_invariants(merchant_id=merchant_id)

    assert [each.detail for each in found] == [
        f"{sold.card.programme_code}: cards have 40000, the money ledger owes 50000"
    ]


def test_a_wrong_secret_fails_its_part_and_takes_nothing(merchant_id: int) -> None:
    sold = bought(merchant_id)

    intent = asked(merchant_id, ORDER, 11_000, of_card(merchant_id, sold, 11_000, secret="WRONG"))

    (tender,) = intent.tenders
    assert (intent.state, tender.state, tender.why) == ("open", "failed", "prepaid.card_refused")
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (50_000, 5_000)


def test_what_comes_back_of_an_order_comes_back_to_the_card_to_the_fen(merchant_id: int) -> None:
    sold = bought(merchant_id)
    asked(merchant_id, ORDER, 9_999, of_card(merchant_id, sold, 9_999))

    for place in range(3):
        payments.refund(
            merchant_id=merchant_id,
            document=ORDER,
            key=f"return-{place}",
            amount_minor=3_333,
            currency="CNY",
            reason="returned",
            now=NOW,
        )

    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (50_000, 5_000)
    assert books(merchant_id, "stored_value", sold.card.programme_code) == 50_000
    assert books(merchant_id, "bonus_cost", sold.card.programme_code) == 0
    assert books(merchant_id, "document", ORDER) == 0
    assert_sound(merchant_id=merchant_id, is_booked=True)


def test_a_closed_card_gives_its_principal_back_as_it_came(merchant_id: int) -> None:
    sold = bought(merchant_id)
    asked(merchant_id, ORDER, 11_000, of_card(merchant_id, sold, 11_000))
    close_card(merchant_id=merchant_id, card_id=sold.card.id, reason="asked", now=NOW)

    (fact,) = facts_told(merchant_id=merchant_id, kind=PrincipalPaidBack)
    hear(merchant_id, fact)
    end_refunds(merchant_id=merchant_id, document=sold.top_up.document, now=NOW)

    assert books(merchant_id, "at_provider", "cash") == -10_000
    assert books(merchant_id, "document", sold.top_up.document) == 0
    assert books(merchant_id, "stored_value", sold.card.programme_code) == 0
    assert_sound(merchant_id=merchant_id, is_booked=True)
