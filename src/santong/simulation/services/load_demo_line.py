from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.gateway import public as gateway
from santong.kernel import tenancy

LINE: Final = "mall-a"
CALLS: Final = 33
FAILED: Final = frozenset({3, 11, 19, 30})


def load_demo_line(*, merchant_id: int, now: datetime) -> None:
    """A line to a marketplace over which calls came, of which four failed; once.

    Emits ConnectionAlarm.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if gateway.connections(merchant_id=merchant_id, now=now):
            return
        line, _ = gateway.create_connection(
            merchant_id=merchant_id,
            wanted=gateway.NewConnection(
                code=LINE,
                name="甲商城会员通",
                kind="marketplace",
                app_key="10000001",
                storefront_code="mall-a-cx",
            ),
            now=now - timedelta(hours=1),
        )
        for number in range(CALLS):
            gateway.log_call(
                merchant_id=merchant_id,
                call=_call(line.id, number),
                now=now - timedelta(seconds=240 - 6 * number),
            )
        gateway.judge_connection(merchant_id=merchant_id, connection_id=line.id, now=now)


def _call(line_id: int, number: int) -> gateway.CallMade:
    has_failed = number in FAILED
    return gateway.CallMade(
        connection_id=line_id,
        direction="in",
        method="qimen.alibaba.crm.member.bindquery",
        milliseconds=800 + number if has_failed else 14 + number % 9,
        outcome="failed" if has_failed else "ok",
        code="timeout" if has_failed else "SUC",
        request={"mobile": f"1540000{number:04}"},
        answer={} if has_failed else {"bindable": True},
    )
