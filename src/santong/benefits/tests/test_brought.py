"""Points, tiers and money that coupons bring: with the use, once, and back to the last unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.benefits import public as benefits
from santong.benefits.contracts import RedemptionLine, Validity
from santong.benefits.services.continue_issue import continue_issue
from santong.benefits.tests.clubs import TERMS, books_agree, make_club, sums
from santong.benefits.tests.factories import (
    NOW,
    make_batch,
    make_coupon,
    make_draft,
    new_key,
    new_member,
)
from santong.benefits.tests.steps import back, end, hold, redeem, state_of
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.tests.factories import make_member, make_pool, make_programme
from santong.payments import public as payments

MONEY = "coupon_money:CNY"


def test_a_points_coupon_brings_its_points_when_it_is_used(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.points_coupon(500)
    before = club.points()

    redeem(merchant_id, coupon, amount_minor=0, key="till-1")
    redeem(merchant_id, coupon, amount_minor=0, key="till-1")

    assert (before, club.points()) == ((0, 0), (500, 0))
    assert sums(merchant_id, club.programme.points_asset) == {"issued": -500, "available": 500}
    (txn,) = [
        entry.kind
        for entry in payments.entries_page(
            merchant_id=merchant_id,
            account=payments.AccountKey(
                club.programme.points_asset, "available", f"member:{club.member_id}"
            ),
        )
    ]
    assert txn == "credit"
    assert books_agree(merchant_id)


def test_points_go_back_with_the_coupon_and_come_again_with_it(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.points_coupon(500)

    redeem(merchant_id, coupon, amount_minor=0)
    back(merchant_id, coupon, key="return-1")
    back(merchant_id, coupon, key="return-1")
    afterwards = club.points()
    redeem(merchant_id, coupon, amount_minor=0)

    assert (afterwards, club.points()) == ((0, 0), (500, 0))
    assert books_agree(merchant_id)


def test_a_part_that_comes_back_leaves_the_points(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.points_coupon(500)
    redeem(merchant_id, coupon, lines=[RedemptionLine(line="1", quantity=2)])

    back(merchant_id, coupon, {"1": 1})
    kept = club.points()
    back(merchant_id, coupon, {"1": 1})

    assert (kept, club.points()) == ((500, 0), (0, 0))
    assert books_agree(merchant_id)


@pytest.mark.parametrize("way", ["forfeit", "void"])
def test_points_go_back_however_the_use_is_undone(merchant_id: int, way: str) -> None:
    club = make_club(merchant_id)
    coupon = club.points_coupon(500, return_policy="forfeit")
    redeem(merchant_id, coupon, amount_minor=0)

    if way == "void":
        end(merchant_id, coupon)
    else:
        back(merchant_id, coupon)

    assert club.points() == (0, 0)
    assert state_of(merchant_id, coupon) in {"void", "returned"}
    assert books_agree(merchant_id)


def test_whoever_cannot_have_the_points_keeps_the_coupon(merchant_id: int) -> None:
    club = make_club(merchant_id)
    stranger = make_member(merchant_id=merchant_id).member.id
    batch = make_batch(
        merchant_id=merchant_id,
        kind="points",
        terms={
            "pool_code": club.programme.pool_code,
            "points": 500,
            "programme_code": club.programme.code,
        },
    )
    coupon = make_coupon(merchant_id=merchant_id, batch=batch, member_id=stranger)

    with pytest.raises(membership.CardMissing), transaction.atomic():
        redeem(merchant_id, coupon, amount_minor=0)

    assert state_of(merchant_id, coupon) == "issued"
    assert books_agree(merchant_id)


def test_points_of_a_pool_that_brands_share_say_whose_they_are(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id)
    first, second = (make_programme(merchant_id=merchant_id, pool=pool) for _ in range(2))
    for programme in (first, second):
        membership.publish_terms(
            merchant_id=merchant_id,
            programme_code=programme.code,
            terms=TERMS,
            reason="test",
            now=NOW,
        )
    terms = {"pool_code": pool.code, "points": 500}

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        make_draft(merchant_id=merchant_id, kind="points", terms=terms)
    named = make_draft(
        merchant_id=merchant_id, kind="points", terms={**terms, "programme_code": second.code}
    )

    assert refused.value.pointer == "/terms/programme_code"
    assert named.terms["programme_code"] == second.code


@pytest.mark.parametrize(
    ("kind", "terms", "refusal"),
    [
        ("points", {"pool_code": "nowhere", "points": 1}, NoSuch),
        ("experience_card", {"tier": "platinum", "days": 30}, FieldInvalid),
        ("experience_card", {"tier": "gold", "days": 30, "programme_code": "no"}, FieldInvalid),
    ],
)
def test_what_nobody_could_have_is_not_drafted(
    merchant_id: int, kind: Any, terms: Any, refusal: type[Exception]
) -> None:
    make_club(merchant_id)

    with pytest.raises(refusal), transaction.atomic():
        make_draft(merchant_id=merchant_id, kind=kind, terms=terms)


def test_an_experience_card_lends_a_tier_and_takes_it_back(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.coupon("experience_card", terms={"tier": "gold", "days": 30})

    redeem(merchant_id, coupon, amount_minor=0)
    lent = club.tier()
    back(merchant_id, coupon)
    afterwards = club.tier()
    redeem(merchant_id, coupon, amount_minor=0)

    assert (lent, afterwards, club.tier()) == ("gold", "base", "gold")
    assert books_agree(merchant_id)


def test_a_lent_tier_ends_by_itself(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.coupon("experience_card", terms={"tier": "gold", "days": 30})
    redeem(merchant_id, coupon, amount_minor=0)

    later = NOW + timedelta(days=30)
    membership.review_tiers(merchant_id=merchant_id, now=later, limit=10)
    ended = club.tier()
    back(merchant_id, coupon, now=later)

    assert (ended, club.tier()) == ("base", "base")


def test_who_stands_as_high_already_keeps_the_card(merchant_id: int) -> None:
    club = make_club(merchant_id)
    terms = {"tier": "gold", "days": 30}
    first, second = (club.coupon("experience_card", terms=terms) for _ in range(2))
    redeem(merchant_id, first, amount_minor=0)

    with pytest.raises(FieldInvalid), transaction.atomic():
        redeem(merchant_id, second, amount_minor=0)

    assert state_of(merchant_id, second) == "issued"


def test_a_red_packet_is_owed_from_its_issue_and_pays_when_used(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.packet(2_000)
    owed = club.owed()

    redeem(merchant_id, coupon, amount_minor=1_500, key="till-1")
    redeem(merchant_id, coupon, amount_minor=1_500, key="till-1")

    assert (owed, club.owed()) == (2_000, 0)
    assert sums(merchant_id, MONEY) == {"received": -2_000, "redeemed": 1_500, "income": 500}
    assert books_agree(merchant_id)


def test_a_packet_is_used_whole_without_an_amount_and_never_for_more(merchant_id: int) -> None:
    club = make_club(merchant_id)
    whole, less = club.packet(2_000), club.packet(2_000)

    redeem(merchant_id, whole, amount_minor=0)
    with pytest.raises(FieldInvalid), transaction.atomic():
        redeem(merchant_id, less, amount_minor=2_001)

    assert sums(merchant_id, MONEY) == {
        "received": -4_000,
        "redeemed": 2_000,
        "available": 2_000,
    }
    assert books_agree(merchant_id)


@pytest.mark.parametrize("policy", ["restore", "forfeit"])
def test_a_packet_that_comes_back_is_owed_again_or_stays_paid(
    merchant_id: int, policy: str
) -> None:
    club = make_club(merchant_id)
    coupon = club.packet(2_000, return_policy=policy)
    redeem(merchant_id, coupon, amount_minor=2_000)

    back(merchant_id, coupon)

    assert club.owed() == (2_000 if policy == "restore" else 0)
    assert books_agree(merchant_id)


@pytest.mark.parametrize("start", ["issued", "held", "redeemed"])
def test_a_packet_that_is_taken_back_is_owed_no_more(merchant_id: int, start: str) -> None:
    club = make_club(merchant_id)
    coupon = club.packet(2_000)
    if start == "held":
        hold(merchant_id, coupon)
    if start == "redeemed":
        redeem(merchant_id, coupon, amount_minor=1_500)

    end(merchant_id, coupon)

    assert sums(merchant_id, MONEY) == {"received": -2_000, "refunded": 2_000}
    assert books_agree(merchant_id)


def test_a_packet_ends_with_its_time_and_a_till_may_still_tell(merchant_id: int) -> None:
    club = make_club(merchant_id)
    coupon = club.packet(2_000, validity=Validity(days=3))
    later = NOW + timedelta(days=4)

    benefits.expire_due(merchant_id=merchant_id, now=later)
    benefits.expire_due(merchant_id=merchant_id, now=later)

    assert club.owed() == 0
    assert sums(merchant_id, MONEY) == {"received": -2_000, "expired": 2_000}
    assert state_of(merchant_id, coupon) == "expired"
    assert benefits.check_invariants(merchant_id=merchant_id, now=later) == []


def test_packets_for_many_are_owed_to_each(merchant_id: int) -> None:
    members = [new_member() for _ in range(5)]
    batch = make_batch(merchant_id=merchant_id, kind="red_packet", total=4)
    run = benefits.issue(
        merchant_id=merchant_id,
        batch_id=batch.id,
        member_ids=members,
        channel="console",
        key=new_key(),
        now=NOW,
    )

    continue_issue(merchant_id=merchant_id, run_id=run.run_id, now=NOW)

    assert sums(merchant_id, MONEY) == {"received": -8_000, "available": 8_000}
    assert books_agree(merchant_id)


def test_what_the_books_do_not_say_is_found(merchant_id: int) -> None:
    club = make_club(merchant_id)
    club.packet(2_000)
    gift = payments.NewTxn(
        key="wrong",
        kind="wrong",
        entries=(
            payments.NewEntry(payments.AccountKey(MONEY, "adjustment", "batch:0"), -5),
            payments.NewEntry(
                payments.AccountKey(MONEY, "available", f"member:{club.member_id}"), 5
            ),
        ),
        occurred_at=NOW,
    )

    payments.post(merchant_id=merchant_id, source="test", txn=gift, now=NOW)

    found = benefits.check_invariants(merchant_id=merchant_id, now=NOW)
    assert {finding.rule for finding in found} == {
        "what red packets hold is owed to their members, and nothing else"
    }


def test_cash_off_a_price_is_no_debt(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id, kind="cash")

    redeem(merchant_id, coupon)

    with pytest.raises(payments.UnknownAsset):
        payments.totals(merchant_id=merchant_id, asset=MONEY)


steps = st.lists(st.sampled_from(["redeem", "back", "hold", "void", "expire", "again"]), max_size=8)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kind=st.sampled_from(["points", "red_packet"]), steps=steps, amount=st.integers(0, 700))
def test_whatever_is_done_in_whatever_order_nothing_is_lost_or_made(
    merchant_id: int, kind: str, steps: list[str], amount: int
) -> None:
    club = make_club(merchant_id)
    coupon = club.points_coupon(700) if kind == "points" else club.packet(700)
    last = new_key()
    now = NOW
    for step in steps:
        key = last if step == "again" else new_key()
        commands: dict[str, Any] = {
            "redeem": lambda key=key: redeem(merchant_id, coupon, amount_minor=amount, key=key),
            "again": lambda key=key: redeem(merchant_id, coupon, amount_minor=amount, key=key),
            "back": lambda key=key: back(merchant_id, coupon, key=key),
            "hold": lambda key=key: hold(merchant_id, coupon, key=key, amount_minor=amount),
            "void": lambda: end(merchant_id, coupon),
            "expire": lambda: benefits.expire_due(
                merchant_id=merchant_id, now=now + timedelta(days=31)
            ),
        }
        try:
            with transaction.atomic():
                commands[step]()
        except (benefits.CouponStatePassed, benefits.KeyTaken):
            pass
        else:
            last = key if step in {"redeem", "again"} else last
        asset = MONEY if kind == "red_packet" else club.programme.points_asset
        state = state_of(merchant_id, coupon)
        if kind == "points":
            assert club.points() == ((700, 0) if state == "redeemed" else (0, 0))
        else:
            assert club.owed() == (700 if state in {"issued", "held"} else 0)
            sums(merchant_id, asset)
        assert books_agree(merchant_id)
