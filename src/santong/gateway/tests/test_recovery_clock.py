"""A line that is down has to be up again in time, where the merchant promises it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from santong.clocks import public as clocks
from santong.clocks.tests.factories import make_policy
from santong.gateway import public as gateway
from santong.gateway.models import Alarm
from santong.gateway.services.promise_recovery import promise_recovery
from santong.gateway.tests.factories import NOW, make_line, make_stocked_shop

Down = Callable[..., Alarm]


@pytest.fixture
def connection(merchant_id: int) -> gateway.Connection:
    make_stocked_shop(merchant_id)
    return make_line(merchant_id)[0]


@pytest.fixture
def down(merchant_id: int, connection: gateway.Connection) -> Down:
    """Opens an alarm of the line."""

    def open_one() -> Alarm:
        return Alarm.objects.create(
            merchant_id=merchant_id,
            connection_id=connection.id,
            opened_at=NOW,
            calls=10,
            failures=5,
        )

    return open_one


def recoveries(merchant_id: int, connection: gateway.Connection) -> list[clocks.Clock]:
    return clocks.clocks_of(merchant_id=merchant_id, subject=f"connection:{connection.id}")


def up_again(merchant_id: int, alarm: Alarm, *, hours: int) -> None:
    alarm.closed_at = NOW + timedelta(hours=hours)
    alarm.save()
    for _ in range(2):
        promise_recovery(merchant_id=merchant_id, alarm_id=alarm.id, now=NOW + timedelta(days=2))


def test_without_a_policy_nothing_is_promised(
    merchant_id: int, connection: gateway.Connection, down: Down
) -> None:
    promise_recovery(merchant_id=merchant_id, alarm_id=down().id, now=NOW)

    assert recoveries(merchant_id, connection) == []


def test_every_alarm_has_a_clock_of_its_own(
    merchant_id: int, connection: gateway.Connection, down: Down
) -> None:
    make_policy(merchant_id=merchant_id, code="recover", hours=1)
    first = down()
    promise_recovery(merchant_id=merchant_id, alarm_id=first.id, now=NOW)
    up_again(merchant_id, first, hours=1)
    second = down()
    promise_recovery(merchant_id=merchant_id, alarm_id=second.id, now=NOW)
    up_again(merchant_id, second, hours=2)

    found = recoveries(merchant_id, connection)

    assert [(each.state, each.is_kept) for each in found] == [("stopped", True), ("stopped", False)]
    assert {each.tags["connection"] for each in found} == {connection.code}
    assert found[0].ended_at == NOW + timedelta(hours=1)
    assert clocks.check_invariants(merchant_id=merchant_id) == []
