"""The breaker that all processes share, the log and the alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.gateway import public as gateway
from santong.gateway.contracts import CallMade
from santong.gateway.rules.alarm import WINDOW
from santong.gateway.rules.breaker import FAILURES_TO_OPEN, FIRST_REST
from santong.gateway.services.judge_connection import judge_connection
from santong.gateway.services.log_call import log_call
from santong.gateway.services.use_line import give_line_back, take_line
from santong.gateway.tests.factories import NOW, make_line
from santong.kernel import outbox, tenancy
from santong.orders.tests.factories import make_shop

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def line_id(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        made, _ = make_line(merchant)
        return made.id


def use(merchant_id: int, line_id: int, *, is_well: bool, now: datetime = NOW) -> bool:
    with tenancy.scope(merchant_id=merchant_id):
        generation = take_line(merchant_id=merchant_id, connection_id=line_id, now=now)
    if generation is None:
        return False
    with tenancy.scope(merchant_id=merchant_id):
        give_line_back(
            merchant_id=merchant_id,
            connection_id=line_id,
            generation=generation,
            is_well=is_well,
            now=now,
        )
    return True


def call(line_id: int, outcome: Any = "ok", **given: Any) -> CallMade:
    made: dict[str, Any] = {
        "connection_id": line_id,
        "direction": "out",
        "method": "tmall.mei.crm.member.sync",
        "milliseconds": 20,
        "outcome": outcome,
        "code": "",
        "request": {"mobile": "13800001234", "point": 5},
        "answer": {},
    }
    return CallMade(**(made | given))


def log(merchant_id: int, *calls: CallMade, at: datetime = NOW) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        for each in calls:
            log_call(merchant_id=merchant_id, call=each, now=at)


def judge(merchant_id: int, line_id: int, *, now: datetime = NOW) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        judge_connection(merchant_id=merchant_id, connection_id=line_id, now=now)


def state_of(merchant_id: int) -> str:
    with tenancy.scope(merchant_id=merchant_id):
        (found,) = gateway.line_states(merchant_id=merchant_id)
        return found.breaker


def alarms(merchant_id: int) -> list[gateway.Alarm]:
    with tenancy.scope(merchant_id=merchant_id):
        return gateway.alarms(merchant_id=merchant_id, before_id=2**63 - 1, limit=10)


def test_a_line_that_fails_is_left_alone_for_all(merchant: int, line_id: int) -> None:
    used = [use(merchant, line_id, is_well=False) for _ in range(FAILURES_TO_OPEN + 3)]

    assert used == [True] * FAILURES_TO_OPEN + [False] * 3
    assert state_of(merchant) == "open"


def test_after_its_rest_of_twenty_at_once_one_tries_it(
    merchant: int, line_id: int, at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(FAILURES_TO_OPEN):
        use(merchant, line_id, is_well=False)
    later = NOW + FIRST_REST

    def take() -> int | None:
        with tenancy.scope(merchant_id=merchant):
            return take_line(merchant_id=merchant, connection_id=line_id, now=later)

    results = at_once(*[take] * 20)

    assert [result for result in results if result is not None] == [2]
    assert state_of(merchant) == "half_open"


def test_failures_that_come_at_once_are_all_counted(
    merchant: int, line_id: int, at_once: Callable[..., list[Any]]
) -> None:
    at_once(*[lambda: use(merchant, line_id, is_well=False)] * FAILURES_TO_OPEN)

    assert state_of(merchant) == "open"


def test_four_of_thirty_three_ring_the_alarm_once_and_it_ends(merchant: int, line_id: int) -> None:
    log(merchant, *[call(line_id)] * 30, *[call(line_id, "failed")] * 3)
    judge(merchant, line_id)
    assert alarms(merchant) == []

    log(merchant, call(line_id, "failed"))
    log(merchant, call(line_id, "refused"), call(line_id, "no"), at=NOW - WINDOW)
    with tenancy.scope(merchant_id=merchant):
        found = gateway.health(merchant_id=merchant, since=NOW - timedelta(seconds=1))
    judge(merchant, line_id)
    judge(merchant, line_id)

    (alarm,) = alarms(merchant)
    assert (alarm.calls, alarm.failures, alarm.percentage) == (34, 4, "11.76 %")
    assert [(each.calls, each.failures, each.p95_ms) for each in found] == [(34, 4, 20)]
    judge(merchant, line_id, now=NOW + WINDOW)
    (ended,) = alarms(merchant)
    assert ended.closed_at == NOW + WINDOW
    with tenancy.scope(merchant_id=merchant):
        told = outbox.told_of(merchant_id=merchant, aggregate=f"connection_id:{line_id}")
    assert [(each.name, each.body["percentage"]) for each in told] == [
        ("gateway.connection_alarm.v1", "11.76 %"),
        ("gateway.connection_recovered.v1", "0.00 %"),
    ]


def test_an_alarm_judged_by_ten_at_once_is_one_alarm(
    merchant: int, line_id: int, at_once: Callable[..., list[Any]]
) -> None:
    log(merchant, *[call(line_id, "failed")] * 5)

    at_once(*[lambda: judge(merchant, line_id)] * 10)

    (alarm,) = alarms(merchant)
    assert (alarm.calls, alarm.failures, alarm.percentage) == (5, 5, "100.00 %")


def test_the_log_shows_no_telephone(merchant: int, line_id: int) -> None:
    log(merchant, call(line_id, method="a\x00b\nc", code="\ud800"))

    with tenancy.scope(merchant_id=merchant):
        (row,) = gateway.calls_of(
            merchant_id=merchant, connection_id=line_id, before_id=2**63 - 1, limit=10
        )

    assert row.request == {"mobile": "***1234", "point": "5"}
    assert (row.method, row.code) == ("a?b?c", "***")
