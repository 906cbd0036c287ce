"""How far a batch has come, by channel, and who came back."""

from __future__ import annotations

from datetime import timedelta

from santong.benefits.models import Coupon
from santong.benefits.selectors.funnel import funnel_of
from santong.benefits.services.mark_revisited import mark_revisited
from santong.benefits.subscribers import thank_for_purchase
from santong.benefits.tests.clubs import make_club
from santong.benefits.tests.factories import NOW, make_batch, make_coupon
from santong.benefits.tests.steps import redeem


def test_a_batch_is_followed_from_granted_to_revisited(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=10, budget_minor=10_000)
    used, kept = (
        make_coupon(merchant_id=merchant_id, batch=batch, member_id=member_id)
        for member_id in (17, 18)
    )
    make_coupon(merchant_id=merchant_id, batch=batch, channel="store")
    redeem(merchant_id, used, amount_minor=700)

    visits = [
        mark_revisited(
            merchant_id=merchant_id, member_id=17, visited_at=NOW + timedelta(hours=hours)
        )
        for hours in (1, 30, 60)
    ]

    funnel = funnel_of(merchant_id=merchant_id, batch_id=batch.id)
    assert visits == [0, 1, 0]
    assert kept.state == "issued"
    assert (funnel.given, funnel.limit_total, funnel.spent_minor) == (3, 10, 700)
    assert [
        (line.channel, line.granted, line.claimed, line.redeemed, line.revisited, line.amount_minor)
        for line in funnel.lines
    ] == [("online", 2, 2, 1, 1, 700), ("store", 1, 1, 0, 0, 0)]


def test_a_visit_counts_when_it_was_and_not_when_it_is_heard_of(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = make_coupon(merchant_id=merchant_id, member_id=club.member_id)
    redeem(merchant_id, coupon)
    told = [club.buy(bought_at=NOW + timedelta(days=days)) for days in (100, 40, 3, -3)]
    much_later = NOW + timedelta(days=200)

    seen = []
    for fact in told:
        thank_for_purchase(fact, merchant_id=merchant_id, now=much_later)
        seen.append(Coupon.objects.get(id=coupon.id).revisited_at)

    assert seen == [
        None,
        NOW + timedelta(days=40),
        NOW + timedelta(days=3),
        NOW + timedelta(days=3),
    ]
    (line,) = funnel_of(merchant_id=merchant_id, batch_id=coupon.batch_id).lines
    assert line.revisited == 1
