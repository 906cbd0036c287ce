"""Somebody has mended the other side: what failed leaves now, in its order, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from santong.gateway import public as gateway
from santong.gateway.rules.breaker import FAILURES_TO_OPEN
from santong.gateway.services.queue_operation import queue_operation
from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW, make_line
from santong.gateway.tests.simulated import APP_KEY, SECRET, Simulated
from santong.kernel import tenancy
from santong.kernel.errors import NoSuch

pytestmark = pytest.mark.usefixtures("database")

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def line(merchant: int, side: Simulated) -> gateway.Connection:
    with tenancy.scope(merchant_id=merchant):
        return make_line(
            merchant,
            kind="crm",
            storefront_code="",
            app_key=APP_KEY,
            secret=SECRET,
            url=side.url,
        )[0]


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def queue(merchant: int, line: gateway.Connection, *numbers: int, lane: int = 1) -> None:
    with tenancy.scope(merchant_id=merchant):
        for number in numbers:
            queue_operation(
                merchant_id=merchant,
                connection_id=line.id,
                lane=lane,
                serial_no=f"burn:{number}",
                method="alibaba.member.point.operate",
                fields={"serial_no": f"burn:{number}", "card_number": "1", "point": -number},
                now=NOW,
            )


def hurry(merchant: int, line: gateway.Connection, seconds: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        return gateway.send_now(
            merchant_id=merchant,
            connection_id=line.id,
            reason="mended",
            now=NOW + timedelta(seconds=seconds),
        )


def states(merchant: int, line: gateway.Connection) -> list[tuple[str, str, int]]:
    with tenancy.scope(merchant_id=merchant):
        rows = gateway.waiting_of(merchant_id=merchant, connection_id=line.id, limit=50, refused=50)
    return [(row.serial_no, row.state, row.attempts) for row in rows]


def rests(merchant: int) -> bool:
    with tenancy.scope(merchant_id=merchant):
        (state,) = gateway.line_states(merchant_id=merchant)
    return state.breaker == "open"


def test_a_line_that_rests_tries_at_once_and_sends_the_rest_in_its_order(
    merchant: int, line: gateway.Connection, side: Simulated
) -> None:
    side.moods.choose = lambda: "gone"
    queue(merchant, line, 1, 2, 3)
    second = 1
    # Until a failure has just opened it: when that is depends on the jitter of what failed before.
    while not (deliver(merchant_id=merchant, clock=partial(after, second)) and rests(merchant)):
        second += 5
        assert second < 1_000
    stuck = states(merchant, line)

    side.moods.choose = None
    deliver(merchant_id=merchant, clock=partial(after, second + 1))
    still = list(side.applied)
    hurry(merchant, line, seconds=second + 2)
    deliver(merchant_id=merchant, clock=partial(after, second + 3))

    assert stuck[0][:2] == ("burn:1", "failed")
    assert stuck[0][2] >= FAILURES_TO_OPEN
    assert stuck[1:] == [("burn:2", "behind", 0), ("burn:3", "behind", 0)]
    assert (still, side.applied) == ([], ["burn:1", "burn:2", "burn:3"])
    assert states(merchant, line) == []


def test_what_was_refused_for_good_is_seen_and_stays(
    merchant: int, line: gateway.Connection, side: Simulated
) -> None:
    side.moods.turns = ["no"]
    queue(merchant, line, 1)
    deliver(merchant_id=merchant, clock=lambda: NOW + timedelta(seconds=1))

    assert hurry(merchant, line, seconds=2) == 0
    assert states(merchant, line) == [("burn:1", "refused", 0)]


def test_hurried_by_many_while_it_is_sent_everything_arrives_once(
    merchant: int, line: gateway.Connection, side: Simulated, at_once: AtOnce
) -> None:
    side.moods.turns = ["gone", "error", "lost"]
    for lane in range(4):
        queue(merchant, line, *range(10 * lane + 1, 10 * lane + 4), lane=lane + 1)

    def send() -> None:
        for second in range(1, 12):
            deliver(merchant_id=merchant, clock=partial(after, second))

    at_once(
        send,
        send,
        *[lambda: [hurry(merchant, line, seconds=second) for second in range(1, 9)]] * 2,
    )
    hurry(merchant, line, seconds=600)
    deliver(merchant_id=merchant, clock=lambda: NOW + timedelta(seconds=700))

    assert sorted(side.applied) == sorted(
        {f"burn:{10 * n + m}" for n in range(4) for m in (1, 2, 3)}
    )
    assert states(merchant, line) == []
    with tenancy.scope(merchant_id=merchant):
        assert gateway.check_invariants(merchant_id=merchant) == []


def test_a_line_that_is_not_there_is_hurried_by_nobody(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant), pytest.raises(NoSuch):
        gateway.send_now(merchant_id=merchant, connection_id=1, reason="x", now=NOW)
