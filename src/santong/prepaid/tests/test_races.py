"""What is contended comes out exactly: real threads, real commits."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.prepaid import contracts, errors
from santong.prepaid.backends import PrepaidBackend
from santong.prepaid.services.capture_use import capture_use
from santong.prepaid.services.close_card import close_card
from santong.prepaid.services.keep import keep
from santong.prepaid.services.land_top_up import land_top_up
from santong.prepaid.services.make_pay_code import make_pay_code
from santong.prepaid.services.offer_gift import offer_gift
from santong.prepaid.services.refund_use import refund_use
from santong.prepaid.services.release_overdue import release_overdue
from santong.prepaid.services.spend import spend
from santong.prepaid.services.take_gift import take_gift
from santong.prepaid.services.top_up import top_up
from santong.prepaid.tests.factories import (
    LATER,
    NOW,
    assert_sound,
    document_has,
    in_scope,
    make_card,
    make_programme,
    on_card,
    pay,
    spent,
    with_bonus,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "3"))
TILLS = 12


def sold_card(merchant: int, **named: Any) -> contracts.Sold:
    with tenancy.scope(merchant_id=merchant):
        return make_card(merchant_id=merchant, **named)


def card_with_bonus(merchant: int) -> contracts.Sold:
    with tenancy.scope(merchant_id=merchant):
        return with_bonus(merchant_id=merchant)


def stands(merchant: int, card_id: int) -> tuple[int, int]:
    with tenancy.scope(merchant_id=merchant):
        assert_sound(merchant_id=merchant)
        return on_card(merchant_id=merchant, card_id=card_id)


def done(results: list[Any], *refusals: type[Exception]) -> list[Any]:
    """What was done; everything else was refused as it should be."""
    surprises = [
        each for each in results if isinstance(each, Exception) and not isinstance(each, refusals)
    ]
    assert surprises == []
    return [each for each in results if not isinstance(each, Exception)]


def test_many_tills_that_spend_one_card_take_exactly_what_is_there(
    merchant: int, at_once: AtOnce
) -> None:
    card_id = card_with_bonus(merchant).card.id

    results = at_once(
        *[
            in_scope(
                merchant,
                spend,
                card_id=card_id,
                reference=f"till-{place}",
                document=f"order:{place}",
                amount_minor=7_000,
                currency="CNY",
            )
            for place in range(TILLS)
        ]
    )

    uses = done(results, errors.TooLittleOnCard)
    assert len(uses) == 7
    principal, bonus = stands(merchant, card_id)
    assert principal + bonus == 55_000 - 7 * 7_000
    assert principal == 50_000 - sum(use.principal_minor for use in uses)


def test_two_tills_with_the_right_secret_keep_one_amount(merchant: int, at_once: AtOnce) -> None:
    sold = card_with_bonus(merchant)

    def till(reference: str) -> Callable[[], Any]:
        return in_scope(
            merchant,
            PrepaidBackend().authorise,
            ask=payments.StoredAsk(
                reference=reference,
                token=f"{sold.number}:{sold.secret}",
                amount_minor=40_000,
                currency="CNY",
                document="order:17",
                expires_at=LATER,
            ),
        )

    results = at_once(till("A"), till("B"), till("A"), till("B"))

    kept = {seen.their_reference for seen in done(results) if seen.state == "authorised"}
    failed = {seen.why for seen in done(results) if seen.state == "failed"}
    assert (kept, failed) == ({f"card:{sold.card.id}"}, {"prepaid.too_little_on_card"})
    principal, bonus = stands(merchant, sold.card.id)
    assert principal + bonus == 15_000


def test_of_wrong_secrets_at_once_no_more_are_looked_at_than_may_be(
    merchant: int, at_once: AtOnce
) -> None:
    sold = card_with_bonus(merchant)
    ask = {"amount_minor": 1, "currency": "CNY", "document": "order:17", "expires_at": LATER}

    results = at_once(
        *[
            in_scope(
                merchant,
                PrepaidBackend().authorise,
                ask=payments.StoredAsk(
                    reference=f"guess-{place}",
                    token=f"{sold.number}:WRONG{place}",
                    **ask,  # type: ignore[arg-type]
                ),
            )
            for place in range(TILLS)
        ]
    )

    whys = [seen.why for seen in done(results)]
    assert whys.count("prepaid.card_refused") == 5
    assert whys.count("prepaid.too_many_tries") == TILLS - 5


def test_a_pay_code_that_two_tills_scan_pays_once(merchant: int, at_once: AtOnce) -> None:
    sold = sold_card(merchant, person_id=17)
    with tenancy.scope(merchant_id=merchant):
        code = make_pay_code(merchant_id=merchant, card_id=sold.card.id, person_id=17, now=NOW).code

    results = at_once(
        *[
            in_scope(
                merchant,
                PrepaidBackend().authorise,
                ask=payments.StoredAsk(
                    reference=f"till-{place}",
                    token=code,
                    amount_minor=100,
                    currency="CNY",
                    document="order:17",
                    expires_at=LATER,
                ),
            )
            for place in range(4)
        ]
    )

    assert sorted(seen.state for seen in done(results)) == ["authorised", *["failed"] * 3]
    assert stands(merchant, sold.card.id) == (49_900, 0)


def test_a_hold_and_a_close_never_both_have_the_card(merchant: int, at_once: AtOnce) -> None:
    for place in range(ROUNDS):
        sold = card_with_bonus(merchant)

        kept, closed = at_once(
            in_scope(
                merchant,
                keep,
                card_id=sold.card.id,
                reference=f"till-{place}",
                document="order:17",
                amount_minor=1_000,
                currency="CNY",
                expires_at=LATER,
            ),
            in_scope(merchant, close_card, card_id=sold.card.id, reason="asked"),
        )

        done([kept], errors.CardUnusable)
        done([closed], errors.PaymentsUnderWay)
        assert isinstance(kept, Exception) != isinstance(closed, Exception)
        stands(merchant, sold.card.id)


def test_a_gift_that_many_take_has_one_taker(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant, kind="gift")
        sold = make_card(merchant_id=merchant, programme=programme, person_id=17)
        token = offer_gift(merchant_id=merchant, card_id=sold.card.id, person_id=17, now=NOW).token

    results = at_once(
        *[in_scope(merchant, take_gift, token=token, person_id=100 + place) for place in range(6)]
    )

    (taken,) = done(results, errors.GiftGone)
    assert taken.person_id == 100 + next(
        place for place, each in enumerate(results) if not isinstance(each, Exception)
    )


def test_money_that_is_told_of_many_times_is_on_the_card_once(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        sold = make_card(merchant_id=merchant, is_paid=False)
        pay(merchant_id=merchant, top_up=sold.top_up)

    results = at_once(
        *[in_scope(merchant, land_top_up, top_up_id=sold.top_up.id) for _ in range(6)]
    )

    assert {top_up.state for top_up in done(results)} == {"landed"}
    assert stands(merchant, sold.card.id) == (50_000, 0)


def test_top_ups_at_once_never_lift_a_card_above_its_cap(merchant: int, at_once: AtOnce) -> None:
    sold = sold_card(merchant, amount_minor=100_000, person_id=17)

    results = at_once(
        *[
            in_scope(
                merchant, top_up, card_id=sold.card.id, key=f"ask-{place}", amount_minor=150_000
            )
            for place in range(5)
        ]
    )

    assert len(done(results, errors.PurchaseRefused)) == 2


def test_a_closed_card_and_its_late_money_lose_nothing(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        sold = sold_card(merchant, person_id=17)
        with tenancy.scope(merchant_id=merchant):
            more = top_up(
                merchant_id=merchant,
                card_id=sold.card.id,
                key=f"more-{sold.card.id}",
                amount_minor=20_000,
                now=NOW,
            )
            pay(merchant_id=merchant, top_up=more)

        results = at_once(
            in_scope(merchant, close_card, card_id=sold.card.id, reason="asked"),
            in_scope(merchant, land_top_up, top_up_id=more.id),
        )

        assert len(done(results)) == 2
        assert stands(merchant, sold.card.id) == (0, 0)
        with tenancy.scope(merchant_id=merchant):
            assert document_has(merchant_id=merchant, top_up=more) == 20_000
            assert document_has(merchant_id=merchant, top_up=sold.top_up) == 50_000


def test_refunds_at_once_give_back_exactly_what_was_taken(merchant: int, at_once: AtOnce) -> None:
    sold = card_with_bonus(merchant)
    with tenancy.scope(merchant_id=merchant):
        use = spent(merchant_id=merchant, card_id=sold.card.id, amount_minor=9_999, reference="T1")

    results = at_once(
        *[
            in_scope(
                merchant,
                refund_use,
                reference="T1",
                refund_reference=f"R{place % 9}",
                amount_minor=1_111,
                reason="returned",
            )
            for place in range(TILLS)
        ]
    )

    parts = {f"R{place % 9}": each for place, each in enumerate(done(results))}
    assert sum(part.principal_minor for part in parts.values()) == use.principal_minor
    assert sum(part.bonus_minor for part in parts.values()) == use.bonus_minor
    assert stands(merchant, sold.card.id) == (50_000, 5_000)


def test_a_capture_and_the_sweeper_never_both_end_a_payment(merchant: int, at_once: AtOnce) -> None:
    for place in range(ROUNDS):
        sold = card_with_bonus(merchant)
        with tenancy.scope(merchant_id=merchant):
            keep(
                merchant_id=merchant,
                card_id=sold.card.id,
                reference=f"till-{place}",
                document="order:17",
                amount_minor=11_000,
                currency="CNY",
                expires_at=LATER,
                now=NOW,
            )

        captured, _ = at_once(
            in_scope(
                merchant,
                capture_use,
                reference=f"till-{place}",
                amount_minor=11_000,
                now=LATER - timedelta(seconds=1),
            ),
            in_scope(merchant, release_overdue, now=LATER + timedelta(seconds=1)),
        )

        left = stands(merchant, sold.card.id)
        assert left == ((40_000, 4_000) if captured.state == "captured" else (50_000, 5_000))
