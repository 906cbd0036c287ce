"""Whoever waits for a slot holds none that others wait for."""

from __future__ import annotations

from threading import Event
from typing import Any

from django.db import connection

from santong.benefits.services.create_package import create_package
from santong.benefits.services.give_package import give_package
from santong.benefits.services.lock_slots import lock_slots
from santong.benefits.tests.factories import NOW, new_key
from santong.benefits.tests.races import (
    ROUNDS,
    AtOnce,
    a_batch,
    assert_sound,
    claims,
    given,
    good,
    in_scope,
)
from santong.kernel import tenancy
from santong.kernel.errors import Busy


def test_packages_given_at_once_do_not_wait_for_each_other_in_a_circle(
    merchant: int, at_once: AtOnce
) -> None:
    batches = [a_batch(merchant, total=1_000, per_member=None) for _ in range(2)]
    with tenancy.scope(merchant_id=merchant):
        package = create_package(
            merchant_id=merchant,
            code="both",
            name="Both",
            quantity_by_batch={batch.id: 6 for batch in batches},
            now=NOW,
        )

    def one(number: int) -> Any:
        return in_scope(
            merchant,
            give_package,
            package_id=package.id,
            member_id=4_000_000 + number,
            channel="online",
            key=new_key(),
        )

    for turn in range(ROUNDS):
        results = at_once(*[one(turn * 100 + number) for number in range(10)])
        assert len(good(results)) == 10

    assert [given(merchant, batch) for batch in batches] == [60 * ROUNDS, 60 * ROUNDS]
    assert_sound(merchant)


def test_the_last_coupons_are_taken_without_a_circle_of_waiters(
    merchant: int, at_once: AtOnce
) -> None:
    for per_day in (None, 149) * max(1, ROUNDS // 8):
        batch = a_batch(merchant, total=150, per_member=1, per_day=per_day)

        results = at_once(*[claims(merchant, batch, 10) for _ in range(24)])

        assert sum(sum(got) for got in good(results)) == (per_day or 150)
    assert_sound(merchant)


def test_a_package_waits_for_no_slot_that_another_holds(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000, per_member=None)
    with tenancy.scope(merchant_id=merchant):
        package = create_package(
            merchant_id=merchant,
            code="two",
            name="Two",
            quantity_by_batch={batch.id: 2},
            now=NOW,
        )
    is_held, is_over = Event(), Event()

    def hold() -> None:
        with tenancy.scope(merchant_id=merchant):
            lock_slots(merchant_id=merchant, batch_id=batch.id)
            is_held.set()
            assert is_over.wait(60)

    def take() -> bool:
        assert is_held.wait(60)
        try:
            with tenancy.scope(merchant_id=merchant):
                connection.cursor().execute("SET LOCAL lock_timeout = '10s'")
                give_package(
                    merchant_id=merchant,
                    package_id=package.id,
                    member_id=17,
                    channel="online",
                    key=new_key(),
                    now=NOW,
                )
        except Busy:
            return True
        finally:
            is_over.set()
        return False

    assert at_once(hold, take) == [None, True]
    assert given(merchant, batch) == 0
    assert_sound(merchant)
