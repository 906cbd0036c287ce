"""The promised times of the pages' merchant: kept, broken, late, and told to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.clocks import public as clocks
from santong.clocks.tests.factories import ROUND_THE_CLOCK, looked, make_calendar, make_policy

NAMES = {"元旦", "春节", "清明", "劳动节", "端午", "国庆节", "中秋", "盘点"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "promises": ("/console/promises/", "当前超时（最久的在前）", "Late now, the longest first"),
    "clock_list": ("/console/promises/clocks/", "超时", "late"),
    "clock": ("/console/promises/clocks/{world.clocks.clock_id}/", "开始计时", "Who was told"),
    "escalations": ("/console/escalations/", "我来处理", "I look after it"),
    "clock_policies": ("/console/clock-policies/", "预警于", "Warned at"),
    "clock_policy_new": ("/console/clock-policies/new/?code=recover", "何时通知谁", "Who is told"),
    "clock_policy": ("/console/clock-policies/ship/", "如果现在开始计时", "If it began now"),
    "work_calendars": ("/console/work-calendars/", "新建日历", "New calendar"),
    "work_calendar": (
        "/console/work-calendars/office/?year=2026",
        "调休上班",
        "made up for a holiday",
    ),
    "holiday_years": ("/console/holiday-years/CN/", "产品自带", "came with the product"),
}
# What forms are sent to.
COMMANDS = {
    "escalation_see",
    "escalation_finish",
    "clock_policy_publish",
    "work_calendar_create",
    "work_calendar_change",
    "holiday_year_preview",
    "holiday_year_take",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksSide:
    """What tests know of it."""

    clock_id: int


def make_clocks_side(*, merchant_id: int, order_ids: list[int], now: datetime) -> ClocksSide:
    """Promises of three weeks: most were kept, some broken, one is late and was told."""
    made = now - timedelta(days=40)
    make_calendar(merchant_id=merchant_id, code="office", now=made)
    make_calendar(merchant_id=merchant_id, code="always", terms=ROUND_THE_CLOCK, now=made)
    steps = (
        clocks.Step(basis="share", value=50, role="store_manager", place="store"),
        clocks.Step(basis="after_breach", value=0, role="head_office", is_at_once=True),
    )
    make_policy(
        merchant_id=merchant_id, calendar_code="always", warn_percent=75, steps=steps, now=made
    )
    make_policy(merchant_id=merchant_id, code="reply", calendar_code="office", now=made)
    for number in range(40):
        _ended(merchant_id, number, began=now - timedelta(days=1 + number % 20, hours=7))
    late = [
        _begun(merchant_id, f"order:{order_id}", began=now - timedelta(hours=5 + place))
        for place, order_id in enumerate(order_ids)
    ]
    looked(merchant_id, now)
    return ClocksSide(clock_id=late[0].id)


def _ended(merchant_id: int, number: int, *, began: datetime) -> None:
    clock = _begun(merchant_id, f"work:{number}", began=began, store=f"SH-{number % 3}")
    clocks.stop(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=began + timedelta(minutes=60 + number * 37 % 240),
        reason="all of it has left",
        now=began + timedelta(hours=6),
    )


def _begun(merchant_id: int, subject: str, *, began: datetime, store: str = "") -> clocks.Clock:
    return clocks.start(
        merchant_id=merchant_id,
        subject=subject,
        term="ship",
        policy_code="ship",
        started_at=began,
        tags={"store": store or "SH-1"},
        now=began,
    )
