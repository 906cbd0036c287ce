"""What is contended comes out exactly: real threads, real commits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from santong.kernel import tenancy
from santong.stagedsales.contracts import OfflineRedemption, Redemption
from santong.stagedsales.errors import AlreadyRedeemed, CodeOver, SalePassed
from santong.stagedsales.events import CodeRedeemed, DoubleRedemptionFound, SaleCancelled
from santong.stagedsales.selectors.links import check_link, link_of
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.expire_sales import expire_sales
from santong.stagedsales.services.redeem import redeem
from santong.stagedsales.services.renew_link import renew_link
from santong.stagedsales.services.sync_redemptions import sync_redemptions
from santong.stagedsales.tests.factories import (
    NOW,
    TERMS,
    assert_sound,
    facts_told,
    in_scope,
    make_place,
    see,
    with_code,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "3"))
TILLS = 16
OVER = NOW + timedelta(days=TERMS.code_days, hours=TERMS.grace_hours)


def a_code(merchant: int) -> tuple[int, str, int]:
    with tenancy.scope(merchant_id=merchant):
        return (*with_code(merchant_id=merchant), make_place(merchant))


def taking(merchant: int, code: str, place: int, number: int, **asked: Any) -> Callable[[], Any]:
    """A till of its own clerk."""
    named = {"device": f"till-{number}", "nonce": f"n-{number}", **asked}
    return in_scope(merchant, redeem, actor=str(number), code=code, location_id=place, **named)


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(each).__name__ for each in results)


def test_a_link_renewed_at_once_has_as_many_rounds_and_the_newest_opens(
    merchant: int, at_once: AtOnce
) -> None:
    sale_id, _code, _place = a_code(merchant)

    tokens = at_once(*[in_scope(merchant, renew_link, sale_id=sale_id)] * TILLS)

    links = [link_of(token=each) for each in tokens]
    newest = max(links, key=lambda link: link.round)
    assert sorted(link.round for link in links) == list(range(2, TILLS + 2))
    with tenancy.scope(merchant_id=merchant):
        check_link(link=newest, now=NOW)


def test_of_many_tills_that_take_a_code_exactly_one_has_it(merchant: int, at_once: AtOnce) -> None:
    sale_id, code, place = a_code(merchant)

    results = at_once(*[taking(merchant, code, place, number) for number in range(TILLS)])

    assert kinds(results) == {"Redemption": 1, "AlreadyRedeemed": TILLS - 1}
    with tenancy.scope(merchant_id=merchant):
        (won,) = [each for each in results if isinstance(each, Redemption)]
        sale = see(merchant, sale_id)
        assert sale.state == "redeemed"
        assert sale.code is not None
        assert sale.code.device == won.device
        assert len(facts_told(merchant, CodeRedeemed)) == 1
        assert_sound(merchant)


def test_one_till_that_asks_many_times_at_once_gets_one_answer(
    merchant: int, at_once: AtOnce
) -> None:
    _, code, place = a_code(merchant)

    results = at_once(*[taking(merchant, code, place, 1, nonce="the-same") for _ in range(TILLS)])

    assert kinds(results) == {"Redemption": TILLS}
    assert sum(not each.is_repeat for each in results) == 1


def test_a_code_is_taken_or_its_sale_is_cancelled_never_both(
    merchant: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        sale_id, code, place = a_code(merchant)

        results = at_once(
            *[
                taking(merchant, code, place, number, nonce=f"{sale_id}-{number}")
                for number in range(4)
            ],
            in_scope(merchant, cancel_sale, sale_id=sale_id, fault="buyer", reason="no"),
        )

        *tills, cancelled = results
        with tenancy.scope(merchant_id=merchant):
            sale = see(merchant, sale_id)
            assert sale.state in {"cancelled", "refunded"}
            assert cancelled == TERMS.deposit_minor
            known = (Redemption, AlreadyRedeemed, CodeOver, SalePassed)
            assert [each for each in tills if not isinstance(each, known)] == []
            assert sale.code is not None
            taken = sum(isinstance(each, Redemption) for each in tills)
            assert sale.code.state == ("redeemed" if taken else "void")
            assert taken <= 1
            assert_sound(merchant)


def test_a_code_is_synced_or_its_deposit_goes_back_never_both(
    merchant: int, at_once: AtOnce
) -> None:
    for number in range(ROUNDS):
        sale_id, code, place = a_code(merchant)
        row = OfflineRedemption(nonce=f"n-{number}", code=code, redeemed_at=NOW)

        synced, _, _ = at_once(
            in_scope(
                merchant,
                sync_redemptions,
                device="phone",
                location_id=place,
                rows=[row],
                now=OVER,
            ),
            *[in_scope(merchant, expire_sales, now=OVER) for _ in range(2)],
        )

        with tenancy.scope(merchant_id=merchant):
            sale = see(merchant, sale_id)
            (told,) = synced
            is_taken = sale.state == "redeemed"
            assert told.outcome == ("confirmed" if is_taken else "refused")
            back = 0 if is_taken else TERMS.deposit_minor
            assert sale.money[0].returning_minor == back
            assert_sound(merchant)


def test_of_devices_that_sync_at_once_one_wins_each_code(merchant: int, at_once: AtOnce) -> None:
    made = [a_code(merchant) for _ in range(3)]
    place = made[0][2]

    def tell(device: int) -> Callable[[], Any]:
        rows = [
            OfflineRedemption(nonce=f"{device}-{which}", code=code, redeemed_at=NOW)
            for which, (_, code, _) in enumerate(made)
        ]
        ordered = rows[device % 3 :] + rows[: device % 3]
        return in_scope(
            merchant,
            sync_redemptions,
            actor=str(device),
            device=f"phone-{device}",
            location_id=place,
            rows=ordered,
        )

    results = at_once(*[tell(device) for device in range(6)], *[tell(device) for device in (0, 1)])

    assert [each for each in results if isinstance(each, Exception)] == []
    fresh = Counter(each.outcome for answer in results for each in answer if each.is_new)
    assert fresh == {"confirmed": 3, "double": 15}
    with tenancy.scope(merchant_id=merchant):
        assert len(facts_told(merchant, DoubleRedemptionFound)) == 15
        assert facts_told(merchant, SaleCancelled) == []
        assert_sound(merchant)
