"""The member side of the pages' merchant: connections, and what went over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.gateway import public as gateway

FAILED_OF_33 = frozenset({3, 11, 19, 30})


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSide:
    """What tests know of it."""

    connection_id: int


def make_member_side(*, merchant_id: int, now: datetime) -> MemberSide:
    """A connection whose alarm is open, and one that nobody has used."""
    connection = _connections(merchant_id, now)
    return MemberSide(connection_id=connection.id)


def _connections(merchant_id: int, now: datetime) -> gateway.Connection:
    market, _ = gateway.create_connection(
        merchant_id=merchant_id,
        wanted=gateway.NewConnection(
            code="tmall-hyt",
            name="天猫会员通",
            kind="marketplace",
            app_key="12129701",
            storefront_code="tmall",
            secret="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        ),
        now=now,
    )
    gateway.create_connection(
        merchant_id=merchant_id,
        wanted=gateway.NewConnection(
            code="old-crm",
            name="旧 CRM",
            kind="crm",
            app_key="crm-1",
            url="https://crm.invalid/spi",
            secret="f0e1d2c3b4a5968778695a4b3c2d1e0f",
        ),
        now=now,
    )
    for number in range(33):
        has_failed = number in FAILED_OF_33
        gateway.log_call(
            merchant_id=merchant_id,
            call=gateway.CallMade(
                connection_id=market.id,
                direction="in",
                method="qimen.alibaba.crm.member.bindquery",
                milliseconds=900 if has_failed else 12 + number,
                outcome="failed" if has_failed else "ok",
                code="timeout" if has_failed else "SUC",
                request={"mobile": "13900001111", "taobao_nick": "t0123"},
                answer={} if has_failed else {"bind_code": "SUC", "point": "120"},
            ),
            now=now - timedelta(seconds=240 - 5 * number),
        )
    gateway.judge_connection(merchant_id=merchant_id, connection_id=market.id, now=now)
    return market
