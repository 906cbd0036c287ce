"""The float by day and by quarter: what cards have is what was sold less what left them."""

from __future__ import annotations

from datetime import date, timedelta

from santong.prepaid.selectors.floats import float_report, floats_by_day
from santong.prepaid.services.close_card import close_card
from santong.prepaid.tests.factories import NOW, on_card, spent, topped_up, with_bonus

TOMORROW = NOW + timedelta(days=1)
FIRST, LAST = date(2026, 11, 10), date(2026, 11, 13)


def test_each_day_says_what_was_owed_and_what_moved(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)
    spent(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=11_000, now=TOMORROW)

    days = floats_by_day(
        merchant_id=merchant_id,
        programme_code=sold.card.programme_code,
        first=FIRST,
        last=LAST,
        timezone="Asia/Shanghai",
    )

    assert [
        (each.day.day, each.principal_minor, each.bonus_minor, each.sold_minor, each.spent_minor)
        for each in days
    ] == [
        (10, 0, 0, 0, 0),
        (11, 50_000, 5_000, 50_000, 0),
        (12, 40_000, 4_000, 0, 10_000),
        (13, 40_000, 4_000, 0, 0),
    ]


def test_a_report_adds_up_to_what_cards_have(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)
    topped_up(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=20_000)
    spent(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=7_500)
    before, _ = on_card(merchant_id=merchant_id, card_id=sold.card.id)
    asked = {
        "merchant_id": merchant_id,
        "programme_code": sold.card.programme_code,
        "since": NOW - timedelta(days=1),
    }

    open_one = float_report(until=NOW + timedelta(hours=1), **asked)  # type: ignore[arg-type]
    close_card(merchant_id=merchant_id, card_id=sold.card.id, reason="asked", now=TOMORROW)
    closed = float_report(until=TOMORROW + timedelta(hours=1), **asked)  # type: ignore[arg-type]

    assert open_one.principal_minor == before == 70_000 - open_one.spent_minor
    assert (closed.paid_back_minor, closed.principal_minor) == (before, 0)
    assert open_one.reserve_minor == -(-before * 40 // 100)
