"""A card as a tender: what payments is told, and that guessing gets nobody anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.backends import GiftCardBackend, PrepaidBackend
from santong.prepaid.services.check_card import check_card
from santong.prepaid.services.freeze import freeze
from santong.prepaid.services.make_pay_code import make_pay_code
from santong.prepaid.services.offer_gift import offer_gift
from santong.prepaid.tests.factories import (
    BONUS,
    LATER,
    NOW,
    assert_sound,
    make_card,
    make_programme,
    on_card,
    with_bonus,
)

DOCUMENT = "order:17"


def asked(
    token: str, *, reference: str = "T1", amount_minor: int = 11_000, currency: str = "CNY"
) -> payments.StoredAsk:
    return payments.StoredAsk(
        reference=reference,
        token=token,
        amount_minor=amount_minor,
        currency=currency,
        document=DOCUMENT,
        expires_at=LATER,
    )


def token_of(sold: contracts.Sold) -> str:
    return f"{sold.number}:{sold.secret}"


def wrong(sold: contracts.Sold) -> str:
    return f"{sold.number}:{'A' * 8 if sold.secret != 'A' * 8 else 'C' * 8}"


def authorised(
    merchant_id: int, token: str, *, backend: payments.TenderBackend | None = None, **named: object
) -> payments.SeenStored:
    return (backend or PrepaidBackend()).authorise(
        merchant_id=merchant_id,
        ask=asked(token, **named),  # type: ignore[arg-type]
        now=NOW,
    )


def test_both_tenders_are_named_in_the_settings() -> None:
    found = {
        method: import_string(place)().method
        for method, place in settings.SANTONG_TENDER_BACKENDS.items()
    }

    assert found == {"prepaid": "prepaid", "gift_card": "gift_card"}


def test_a_card_is_authorised_captured_and_refunded(merchant_id: int) -> None:
    sold, backend = with_bonus(merchant_id=merchant_id), PrepaidBackend()

    seen = authorised(merchant_id, token_of(sold))
    captured = backend.capture(
        merchant_id=merchant_id, reference="T1", amount_minor=11_000, now=NOW
    )
    back = backend.refund(
        merchant_id=merchant_id,
        reference="T1",
        refund_reference="R1",
        amount_minor=1_100,
        reason="returned",
        now=NOW,
    )

    assert seen == payments.SeenStored(
        state="authorised",
        their_reference=f"card:{sold.card.id}",
        programme=sold.card.programme_code,
        taken=payments.Taken(principal_minor=10_000, bonus_minor=1_000),
    )
    assert (captured.state, captured.taken) == ("captured", seen.taken)
    assert back == payments.Taken(principal_minor=1_000, bonus_minor=100)
    assert_sound(merchant_id=merchant_id)


def test_discounts_come_before_tenders(merchant_id: int) -> None:
    """10 % off 100.00, then a card with 50.00: 40.00 are left to pay in another way."""
    sold = make_card(merchant_id=merchant_id, amount_minor=5_000)
    due = 10_000 - 10_000 * 10 // 100

    seen = authorised(merchant_id, token_of(sold), amount_minor=min(due, 5_000))

    assert due - seen.taken.amount_minor == 4_000


def test_the_same_reference_keeps_once(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)

    first, again = (authorised(merchant_id, token_of(sold)) for _ in range(2))

    assert again == first
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (40_000, 4_000)


def test_void_frees_what_was_kept_and_took_nothing(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)
    authorised(merchant_id, token_of(sold))

    seen = PrepaidBackend().void(merchant_id=merchant_id, reference="T1", reason="left", now=NOW)

    assert (seen.state, seen.taken.amount_minor) == ("voided", 0)
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (50_000, 5_000)


def test_a_wrong_secret_an_unknown_number_and_no_number_fail_alike(merchant_id: int) -> None:
    sold, other = (make_card(merchant_id=merchant_id) for _ in range(2))
    unknown = "1000000000000008"

    whys = {
        authorised(merchant_id, token, reference=f"T{place}").why
        for place, token in enumerate(
            (wrong(sold), sold.number, f"{other.number}:{sold.secret}", f"{unknown}:X", "?", "")
        )
    }

    assert whys == {"prepaid.card_refused"}


def test_five_wrong_secrets_lock_the_right_one_for_a_while(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)
    for place in range(5):
        authorised(merchant_id, wrong(sold), reference=f"W{place}")

    locked = authorised(merchant_id, token_of(sold), reference="T1")
    later = PrepaidBackend().authorise(
        merchant_id=merchant_id,
        ask=payments.StoredAsk(
            reference="T2",
            token=token_of(sold),
            amount_minor=1,
            currency="CNY",
            document=DOCUMENT,
            expires_at=NOW + timedelta(hours=1),
        ),
        now=NOW + timedelta(minutes=15, seconds=1),
    )

    assert (locked.state, locked.why) == ("failed", "prepaid.too_many_tries")
    assert later.state == "authorised"


def test_right_secrets_are_not_counted(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)

    found = [check_card(merchant_id=merchant_id, token=token_of(sold), now=NOW) for _ in range(30)]

    assert {each.is_right for each in found} == {True}


def test_the_balance_is_told_to_who_has_number_and_secret(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)

    right = check_card(merchant_id=merchant_id, token=token_of(sold), now=NOW)
    not_right = check_card(merchant_id=merchant_id, token=wrong(sold), now=NOW)

    assert right.balance == contracts.CardBalance(
        card_id=sold.card.id,
        principal_minor=50_000,
        bonus_minor=5_000,
        held_minor=0,
        endings=(
            contracts.Ending(amount_minor=5_000, ends_at=NOW + timedelta(days=BONUS.bonus_days)),
        ),
    )
    assert not_right == contracts.Checked(is_right=False)


def test_what_cannot_be_taken_fails_and_says_why(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)
    token = token_of(sold)

    too_much = authorised(merchant_id, token, reference="A", amount_minor=55_001)
    dollars = authorised(merchant_id, token, reference="B", currency="USD")
    as_gift = authorised(merchant_id, token, reference="C", backend=GiftCardBackend())
    freeze(merchant_id=merchant_id, card_id=sold.card.id, reason="lost", now=NOW)
    frozen = authorised(merchant_id, token, reference="D")

    assert [(seen.state, seen.why) for seen in (too_much, dollars, as_gift, frozen)] == [
        ("failed", "prepaid.too_little_on_card"),
        ("failed", "prepaid.other_currency"),
        ("failed", "prepaid.other_kind"),
        ("failed", "prepaid.card_unusable"),
    ]
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (50_000, 5_000)


def test_a_card_buys_no_card(merchant_id: int) -> None:
    sold, other = with_bonus(merchant_id=merchant_id), make_card(merchant_id=merchant_id)

    seen = PrepaidBackend().authorise(
        merchant_id=merchant_id,
        ask=replace(asked(token_of(sold)), document=other.top_up.document),
        now=NOW,
    )

    assert (seen.state, seen.why) == ("failed", "prepaid.cards_buy_no_cards")


def test_a_pay_code_pays_once_and_not_for_long(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, person_id=17)
    named = {"merchant_id": merchant_id, "card_id": sold.card.id, "person_id": 17, "now": NOW}
    first = make_pay_code(**named)  # type: ignore[arg-type]
    code = make_pay_code(**named)  # type: ignore[arg-type]

    replaced = authorised(merchant_id, first.code, reference="T0")
    paid = authorised(merchant_id, code.code, reference="T1")
    again = authorised(merchant_id, code.code, reference="T2")

    assert [seen.state for seen in (replaced, paid, again)] == ["failed", "authorised", "failed"]


def test_a_card_that_is_offered_pays_nothing_meanwhile(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id, kind="gift")
    sold = make_card(merchant_id=merchant_id, programme=programme, person_id=17)
    offer_gift(merchant_id=merchant_id, card_id=sold.card.id, person_id=17, now=NOW)

    seen = authorised(merchant_id, token_of(sold), backend=GiftCardBackend())

    assert (seen.state, seen.why) == ("failed", "prepaid.card_unusable")


def test_a_token_shows_in_no_text() -> None:
    ask = asked("6011000990139424:SECRETXX")

    assert "6011000990139424" not in f"{ask!r} {ask}"
