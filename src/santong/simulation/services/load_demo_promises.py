from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from santong.clocks import public as clocks
from santong.kernel.tenancy import all_or_nothing
from santong.simulation.rules.demo.shape import COUNTRY, TIMEZONE

OFFICE, ALWAYS, STORES = "office", "always", "stores"
_WITH_LUNCH: Final = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
_LONG: Final = ((10 * 60, 22 * 60),)
_CLOSED: Final = ()
HOUR: Final = 3_600


class _Kept(NamedTuple):
    """A policy of the demo: of which calendar, how many hours, and who is told when."""

    code: str
    name: str
    calendar: str
    hours: int
    steps: tuple[clocks.Step, ...]


_STORE_FIRST: Final = (
    clocks.Step(basis="share", value=75, role="store_manager", place="store"),
    clocks.Step(basis="after_breach", value=0, role="head_office", is_at_once=True),
)
_SERVICE_FIRST: Final = (
    clocks.Step(basis="share", value=75, role="customer_service"),
    clocks.Step(basis="after_breach", value=HOUR, role="head_office"),
)
_TECHNICAL: Final = (clocks.Step(basis="share", value=50, role="developer", is_at_once=True),)
_POLICIES: Final = (
    _Kept("ship", "付款后 48 小时内发货", ALWAYS, 48, _STORE_FIRST),
    _Kept("recover", "接口故障 2 小时内恢复", ALWAYS, 2, _TECHNICAL),
    _Kept("case_first_reply", "售后首次回复", OFFICE, 4, _SERVICE_FIRST),
    _Kept("case_decision", "售后裁定", OFFICE, 16, _SERVICE_FIRST),
    _Kept("case_refund", "退款到账", ALWAYS, 72, _SERVICE_FIRST),
)


@all_or_nothing
def load_demo_promises(*, merchant_id: int, now: datetime) -> None:
    """Working time with the holidays that come with the product, and what is promised; once.

    Emits YearLoaded.
    """
    if clocks.calendars(merchant_id=merchant_id):
        return
    for code, name, terms in _calendars():
        clocks.create_calendar(merchant_id=merchant_id, code=code, name=name, terms=terms, now=now)
    for policy in _POLICIES:
        clocks.publish_policy(
            merchant_id=merchant_id,
            code=policy.code,
            name=policy.name,
            calendar_code=policy.calendar,
            promise=clocks.Promise(
                target_seconds=policy.hours * HOUR, warn_percent=75, steps=policy.steps
            ),
            reason="服务承诺上线",
            now=now,
        )


def _calendars() -> tuple[tuple[str, str, clocks.Terms], ...]:
    weekdays = (_WITH_LUNCH, _WITH_LUNCH, _WITH_LUNCH, _WITH_LUNCH, _WITH_LUNCH)
    daily = (_LONG, _LONG, _LONG, _LONG, _LONG, _LONG, _LONG)
    return (
        (
            OFFICE,
            "总部工作时间",
            clocks.Terms(
                time_zone=TIMEZONE,
                weekly=(*weekdays, _CLOSED, _CLOSED),
                makeup_hours=_WITH_LUNCH,
                region=COUNTRY,
            ),
        ),
        (
            STORES,
            "门店营业时间",
            clocks.Terms(
                time_zone=TIMEZONE,
                weekly=daily,
                makeup_hours=_LONG,
                holiday_hours=_LONG,
                region=COUNTRY,
            ),
        ),
        (ALWAYS, "全天候", clocks.Terms(time_zone=TIMEZONE, is_always_open=True)),
    )
