"""Points of two members who are one: what waited for either reaches whoever carries on."""

from __future__ import annotations

from dataclasses import replace

from santong.membership import public as membership
from santong.membership.services.part import part
from santong.membership.services.unite import unite
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import WITH_TIERS, Club, another_member, days, make_club

WAITING = replace(
    WITH_TIERS,
    maturity=membership.MaturityTerms(pending_days=7),
    expiry=membership.ExpiryTerms(kind="never"),
)
RIPE = NOW + days(9)


def person_of(club: Club) -> int:
    member = membership.member_by_id(merchant_id=club.merchant_id, member_id=club.member_id)
    person_id: int = member.person_id
    return person_id


def unite_both(kept: Club, gone: Club) -> None:
    unite(
        merchant_id=kept.merchant_id,
        merge_id=1,
        kept_person_id=person_of(kept),
        gone_person_id=person_of(gone),
        now=NOW,
    )


def test_what_waited_for_either_reaches_whoever_carries_on(merchant_id: int) -> None:
    kept = make_club(merchant_id=merchant_id, terms=WAITING)
    gone = another_member(kept)
    kept.buy(50_000)
    theirs = gone.buy(60_000)

    unite_both(kept, gone)
    matured = kept.mature(now=RIPE)
    clawed = gone.give_back_goods(theirs, {1: 1}, now=RIPE)

    assert matured == 2
    assert clawed.from_available == 600
    assert kept.points(now=RIPE) == membership.PointsShown(available=500, pending=0, debt=0)
    assert gone.points(now=RIPE) == membership.PointsShown(available=0, pending=0, debt=0)
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_the_experience_of_both_decides_the_tier_and_old_numbers_still_buy(
    merchant_id: int,
) -> None:
    kept = make_club(merchant_id=merchant_id, terms=WAITING)
    gone = another_member(kept)
    kept.buy(50_000)
    gone.buy(40_000)

    unite_both(kept, gone)
    bought = gone.buy(10_000)

    assert bought.member_id == kept.member_id
    assert kept.card().tier == "silver"
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_two_again_have_each_what_waited_for_them(merchant_id: int) -> None:
    kept = make_club(merchant_id=merchant_id, terms=WAITING)
    gone = another_member(kept)
    kept.buy(50_000)
    gone.buy(60_000)

    unite_both(kept, gone)
    part(merchant_id=merchant_id, merge_id=1, now=NOW)
    kept.mature(now=RIPE)

    assert (kept.points(now=RIPE).available, gone.points(now=RIPE).available) == (500, 600)
    assert membership.check_invariants(merchant_id=merchant_id) == []
