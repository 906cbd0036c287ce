"""What coupons bring is brought once and goes back once, whoever comes at the same moment."""

from __future__ import annotations

from datetime import date
from typing import Any

from santong.benefits import public as benefits
from santong.benefits.services.record_invoice import record_invoice
from santong.benefits.tests.clubs import a_club, sums
from santong.benefits.tests.factories import NOW, new_key
from santong.benefits.tests.races import (
    ROUNDS,
    AtOnce,
    a_batch,
    assert_sound,
    claims,
    good,
    in_scope,
)
from santong.benefits.tests.supplies import make_supply
from santong.kernel import tenancy


def redeem(merchant: int, coupon: benefits.Coupon, **named: Any) -> Any:
    return in_scope(
        merchant,
        benefits.redeem,
        coupon_id=coupon.id,
        **{"channel": "store", "key": new_key(), **named},
    )


def test_points_are_brought_by_a_use_or_taken_back_by_its_return_never_half(
    merchant: int, at_once: AtOnce
) -> None:
    club = a_club(merchant)

    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            before = club.points()
            coupon = club.points_coupon(500)
        redeem(merchant, coupon, key=(key := new_key()))()
        results = at_once(
            redeem(merchant, coupon, key=key),
            in_scope(
                merchant,
                benefits.return_redemption,
                coupon_id=coupon.id,
                quantity_by_line=None,
                key=new_key(),
            ),
            redeem(merchant, coupon),
            redeem(merchant, coupon),
        )

        good(results)
        with tenancy.scope(merchant_id=merchant):
            state = benefits.coupon_by_id(merchant_id=merchant, coupon_id=coupon.id).state
            gained = club.points()[0] - before[0]
        assert (state, gained) in {("redeemed", 500), ("issued", 0)}
    assert_sound(merchant)


def test_a_red_packet_pays_comes_back_or_is_taken_back_and_the_books_say_which(
    merchant: int, at_once: AtOnce
) -> None:
    club = a_club(merchant)

    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            before, coupon = club.owed(), club.packet(2_000)
        redeem(merchant, coupon, amount_minor=1_500)()
        back = in_scope(
            merchant,
            benefits.return_redemption,
            coupon_id=coupon.id,
            quantity_by_line=None,
            key=new_key(),
        )
        end = in_scope(merchant, benefits.void, coupon_id=coupon.id, reason="test", key=new_key())
        good(at_once(back, redeem(merchant, coupon, amount_minor=2_000), end))

        with tenancy.scope(merchant_id=merchant):
            state = benefits.coupon_by_id(merchant_id=merchant, coupon_id=coupon.id).state
            owed = club.owed() - before
        assert (state, owed) == ("void", 0)
    assert_sound(merchant)


def test_packets_claimed_at_once_are_owed_each(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, kind="red_packet", total=20)

    results = at_once(*[claims(merchant, batch, 5) for _ in range(8)])

    assert sum(sum(got) for got in good(results)) == 20
    with tenancy.scope(merchant_id=merchant):
        assert sums(merchant, "coupon_money:CNY") == {"received": -40_000, "available": 40_000}
    assert_sound(merchant)


def test_an_invoice_that_two_record_at_once_is_recorded_once(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        supply = make_supply(merchant_id=merchant, codes=1)

    for number in range(ROUNDS):
        record = in_scope(
            merchant,
            record_invoice,
            supplier_id=supply.supplier_id,
            number=f"INV-{number}",
            month=date(2026, 11, 1),
            amount_minor=100,
        )
        recorded = good(at_once(*[record] * 4))

        assert len(recorded) == 4
        assert len({each.id for each in recorded}) == 1
        assert sum(each.is_new for each in recorded) == 1


def test_files_that_overlap_come_in_at_once_and_every_code_is_there_once(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        supply = make_supply(merchant_id=merchant)

    reports = good(
        at_once(
            *[
                in_scope(
                    merchant,
                    benefits.import_whole_file,
                    supply_id=supply.id,
                    content="\n".join(["code", *map(str, range(first, first + 20))]).encode(),
                    file_name="codes.csv",
                    key=f"file-{first}",
                )
                for first in (0, 10, 20, 0, 10)
            ]
        )
    )

    with tenancy.scope(merchant_id=merchant):
        stock = benefits.supply_stock(merchant_id=merchant, supply_id=supply.id, now=NOW)
    assert sum(report.taken for report in reports if report.is_new) == 40
    assert (stock.left, stock.supply.imported) == (40, 40)
    assert_sound(merchant)


def test_a_contract_is_renewed_while_codes_come_in_and_neither_is_lost(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        supply = make_supply(merchant_id=merchant)
    files = [
        in_scope(
            merchant,
            benefits.import_codes,
            supply_id=supply.id,
            content=f"code\n{number}\n".encode(),
            file_name="codes.csv",
            key=f"file-{number}",
        )
        for number in range(4)
    ]
    changes = [
        in_scope(
            merchant,
            benefits.change_supply,
            supply_id=supply.id,
            name=supply.name,
            contract_number="2027-1",
            contract_until=None,
            alarm_below=9,
            reason="renewed",
        )
        for _ in range(4)
    ]

    good(at_once(*[each for both in zip(files, changes, strict=True) for each in both]))

    with tenancy.scope(merchant_id=merchant):
        stock = benefits.supply_stock(merchant_id=merchant, supply_id=supply.id, now=NOW)
    assert (stock.left, stock.supply.imported) == (4, 4)
    assert (stock.supply.contract_number, stock.supply.alarm_below) == ("2027-1", 9)
    assert_sound(merchant)
