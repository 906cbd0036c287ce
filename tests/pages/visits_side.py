"""Visits for the pages: people with a day to make, one done, one that waits, a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from santong.fieldservice import public as fieldservice
from santong.fieldservice.tests.factories import DAILY, PLACE
from santong.kernel import tenancy

PROVIDER, OTHER = "安居上门服务", "匠心安装"
SERVICE, PEOPLE = "橱柜安装", ("李卫国", "张建军", "陈海")
BUYER, REASON = "顾雨桐", "客厅橱柜"
NAMES = {PROVIDER, OTHER, SERVICE, *PEOPLE, "灯具维修", "西湖周边", "回老家", "买家自助", BUYER}
NAMES |= {"顾**", "浙江省杭州市西湖区***", "浙江省杭州市", "西湖区"}
CHINA = ZoneInfo("Asia/Shanghai")
HOMES = ((30.256, 120.146), (30.302, 120.112), (30.281, 120.201))
# Kilometres to the north and east of the lake, as hundredths of degrees.
SITES = ((0.5, 0.2), (3.1, -2.2), (1.2, 4.4), (4.2, 1.1), (-1.2, 2.0), (2.2, -3.5))

PAGES: dict[str, tuple[str, str, str]] = {
    "visits": ("/console/visits/", "最新的在前", "the newest first"),
    "visit_new": (
        "/console/visits/new/?document=stagedsale:1",
        "由买家通过链接选择时间",
        "The buyer chooses the time",
    ),
    "visit_board": ("/console/visits/board/?on={world.visits.on}", "逐一列出", "One by one"),
    "visit": (
        "/console/visits/{world.visits.booked_id}/",
        "为什么派这位师傅",
        "Why this technician",
    ),
    "my_day": (
        "/console/my-day/?technician=li&on={world.visits.on}",
        "之间到达",
        "promised between",
    ),
    "my_visit": ("/console/my-visits/{world.visits.booked_id}/", "出发与签到", "On the way and"),
    "day_plans": ("/console/day-plans/", "找更省路的方案", "Look for a better plan"),
    "day_plan": ("/console/day-plans/{world.visits.plan_id}/", "整体采用", "All of it, or nothing"),
    "technicians": ("/console/technicians/", "属于哪家服务商", "for whom they work"),
    "technician": ("/console/technicians/li/", "重新设置工作时间", "Set the hours anew"),
    "service_types": ("/console/service-types/", "划定服务区域", "Draw a territory"),
}
COMMANDS = {
    *("visit_ask", "visit_dispatch", "visit_link", "visit_reveal", "visit_photo", "visit_work"),
    *("day_plan_propose", "day_plan_take", "day_plan_refuse"),
    *("technician_keep", "provider_keep", "technician_hours", "technician_leave"),
    *("service_type_keep", "territory_keep"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitsSide:
    """What tests know of it."""

    on: str
    booked_id: int
    plan_id: int
    token: str


def make_visits_side(*, merchant_id: int) -> VisitsSide:
    """Three technicians and six visits on the day after tomorrow, crosswise by hand."""
    now = datetime.now(UTC)
    on = now.astimezone(CHINA).date() + timedelta(days=2)
    with tenancy.scope(merchant_id=merchant_id):
        _people(merchant_id, now)
        booked = [_booked(merchant_id, number, on, now) for number in range(len(SITES))]
        for number in (6, 7):
            _visit(merchant_id, number, 1.0, number / 2, now)
        plan = fieldservice.propose_day_plan(
            merchant_id=merchant_id, provider_code="anju", on=on, now=now
        )
        path = fieldservice.link_path(merchant_id=merchant_id, visit_id=booked[4].id, now=now)
    return VisitsSide(
        on=on.isoformat(), booked_id=booked[4].id, plan_id=plan.id, token=path.split("/")[2]
    )


def _booked(merchant_id: int, number: int, on: date, now: datetime) -> fieldservice.Visit:
    """Four go by hand to whoever lives further away; the others to whoever costs least."""
    people = [
        fieldservice.technician_by_code(merchant_id=merchant_id, code=code).id
        for code in ("li", "zhang")
    ]
    return fieldservice.book(
        merchant_id=merchant_id,
        visit_id=_visit(merchant_id, number, *SITES[number], now).id,
        window_from=datetime(on.year, on.month, on.day, (8, 14)[number % 2], tzinfo=CHINA),
        technician_id=people[(number // 2 + 1) % 2] if number < 4 else None,
        now=now,
    )


def _people(merchant_id: int, now: datetime) -> None:
    for code, name in (("anju", PROVIDER), ("jiangxin", OTHER)):
        fieldservice.keep_provider(merchant_id=merchant_id, code=code, name=name, now=now)
    fieldservice.keep_territory(
        merchant_id=merchant_id,
        code="lake",
        name="西湖周边",
        middle=fieldservice.Point(*HOMES[0]),
        radius_metres=15_000,
        now=now,
    )
    for service in (
        fieldservice.NewServiceType(
            code="install",
            name=SERVICE,
            work_minutes=50,
            skills=("cabinet",),
            needs_goods_arrived=False,
            late_fee_minor=5_000,
        ),
        fieldservice.NewServiceType(
            code="repair", name="灯具维修", work_minutes=30, skills=("light",), needs_photos=True
        ),
    ):
        fieldservice.keep_service_type(merchant_id=merchant_id, new=service, now=now)
    for code, name, home in zip(("li", "zhang", "chen"), PEOPLE, HOMES, strict=True):
        person = fieldservice.keep_technician(
            merchant_id=merchant_id,
            provider_code="jiangxin" if code == "chen" else "anju",
            code=code,
            name=name,
            skills=["light"] if code == "chen" else ["cabinet", "light"],
            home=fieldservice.Point(*home),
            territory_code="lake",
            now=now,
        )
        fieldservice.set_hours(
            merchant_id=merchant_id,
            technician_id=person.id,
            hours=[
                fieldservice.Hours(
                    rule=DAILY, begins=begins, ends=ends, valid_from=now.date().replace(day=1)
                )
                for begins, ends in (("08:00", "12:00"), ("13:00", "18:00"))
            ],
            now=now,
        )
    fieldservice.add_leave(
        merchant_id=merchant_id,
        technician_id=fieldservice.technician_by_code(merchant_id=merchant_id, code="li").id,
        starts_at=now + timedelta(days=20),
        ends_at=now + timedelta(days=22),
        reason="回老家",
        now=now,
    )


def _visit(
    merchant_id: int, number: int, north: float, east: float, now: datetime
) -> fieldservice.Visit:
    return fieldservice.request_visit(
        merchant_id=merchant_id,
        document=f"stagedsale:{number + 1}",
        service_type_code="install",
        contact=fieldservice.Contact(name=BUYER, phone="13900001234"),
        place=replace(
            PLACE,
            latitude=HOMES[0][0] + north / 100,
            longitude=HOMES[0][1] + east / 100,
        ),
        key=f"page-{number}",
        now=now,
    )
