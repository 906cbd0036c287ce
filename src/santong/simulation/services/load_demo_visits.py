from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from santong.evidence import public as evidence
from santong.fieldservice import public as fieldservice
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.simulation.rules.demo.callers import CALLERS, CALLS, COMPANIES, Call, window_of
from santong.simulation.rules.demo.shape import Place, Recipient
from santong.simulation.services.keep_demo_photo import demo_photo

TERRITORY, RADIUS_METRES = "city", 30_000
HOURS: Final = ("08:00", "18:30")
SERVICES: Final = (
    fieldservice.NewServiceType(
        code="measuring", name="上门测量", work_minutes=45, skills=("measure",), is_preparation=True
    ),
    fieldservice.NewServiceType(
        code="door-fitting",
        name="木门安装",
        work_minutes=110,
        skills=("door",),
        needs_goods_arrived=True,
        needs_photos=True,
        late_fee_minor=5_000,
    ),
    fieldservice.NewServiceType(
        code="furniture-install", name="家具安装", work_minutes=60, skills=("furniture",)
    ),
    fieldservice.NewServiceType(
        code="appliance-install", name="家电安装调试", work_minutes=50, skills=("appliance",)
    ),
    fieldservice.NewServiceType(
        code="light-repair", name="灯具检修", work_minutes=30, skills=("light",)
    ),
)
MINUTE: Final = timedelta(minutes=1)
NOBODY_CAME: Final = timedelta(minutes=155)  # a window of two hours, and half an hour's grace


def load_demo_visits(
    *,
    merchant_id: int,
    showroom: Place,
    document_by_name: Mapping[str, str],
    buyer_by_name: Mapping[str, Recipient],
    now: datetime,
) -> None:
    """Who comes, and visits before, today and after, each as far as its window lets it be; once.

    A visit for which nobody has time waits for its buyer. No scope is open. Emits what visits emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if fieldservice.service_types(merchant_id=merchant_id):
            return
        _open(merchant_id, showroom, now - timedelta(days=20))
    for call in CALLS:
        with tenancy.scope(merchant_id=merchant_id):
            _call(merchant_id, call, document_by_name, buyer_by_name, now)


@all_or_nothing
def name_demo_callers(*, merchant_id: int, now: datetime) -> None:
    """Dispatchers and technicians who have a log-in see their own visits; where there are any.

    Locks providers.
    """
    if not fieldservice.providers(merchant_id=merchant_id):
        return
    ids = {person.login: person.id for person in merchants.staff(merchant_id=merchant_id)}
    for company in COMPANIES:
        known = [caller.code for caller in CALLERS if caller.provider == company.code]
        fieldservice.keep_provider(
            merchant_id=merchant_id,
            code=company.code,
            name=company.name,
            staff_ids=[ids[login] for login in (company.dispatcher, *known) if login in ids],
            now=now,
        )
    for person in fieldservice.technicians(merchant_id=merchant_id):
        if person.code in ids and person.staff_id is None:
            fieldservice.keep_technician(
                merchant_id=merchant_id,
                provider_code=person.provider_code,
                code=person.code,
                name=person.name,
                skills=person.skills,
                home=person.home,
                territory_code=TERRITORY,
                staff_id=ids[person.code],
                now=now,
            )


def _open(merchant_id: int, showroom: Place, now: datetime) -> None:
    for company in COMPANIES:
        fieldservice.keep_provider(
            merchant_id=merchant_id, code=company.code, name=company.name, now=now
        )
    fieldservice.keep_territory(
        merchant_id=merchant_id,
        code=TERRITORY,
        name=f"{showroom.city}市区",
        middle=fieldservice.Point(showroom.latitude, showroom.longitude),
        radius_metres=RADIUS_METRES,
        now=now,
    )
    for service in SERVICES:
        fieldservice.keep_service_type(merchant_id=merchant_id, new=service, now=now)
    for caller in CALLERS:
        person = fieldservice.keep_technician(
            merchant_id=merchant_id,
            provider_code=caller.provider,
            code=caller.code,
            name=caller.name,
            skills=caller.skills,
            home=fieldservice.Point(
                showroom.latitude + caller.north, showroom.longitude + caller.east
            ),
            territory_code=TERRITORY,
            now=now,
        )
        fieldservice.set_hours(
            merchant_id=merchant_id,
            technician_id=person.id,
            hours=[_daily(now.date().replace(day=1))],
            now=now,
        )


def _daily(valid_from: date) -> fieldservice.Hours:
    begins, ends = HOURS
    return fieldservice.Hours(rule="FREQ=DAILY", begins=begins, ends=ends, valid_from=valid_from)


def _call(
    merchant_id: int,
    call: Call,
    document_by_name: Mapping[str, str],
    buyer_by_name: Mapping[str, Recipient],
    now: datetime,
) -> None:
    window = window_of(call, now=now)
    asked_at = min(window - timedelta(hours=26), now - timedelta(hours=3))
    buyer = buyer_by_name[call.document]
    visit = fieldservice.request_visit(
        merchant_id=merchant_id,
        document=document_by_name[call.document],
        service_type_code=call.service,
        contact=fieldservice.Contact(name=buyer.name, phone=buyer.phone),
        place=fieldservice.Place(
            province=buyer.province,
            city=buyer.city,
            district=buyer.district,
            address=buyer.address,
            latitude=buyer.latitude,
            longitude=buyer.longitude,
        ),
        key=f"demo-{call.name}",
        now=asked_at,
    )
    if visit.state == "offered" and _book(merchant_id, visit.id, call, window, asked_at):
        _go_on(merchant_id, visit.id, call, window, now)


def _book(merchant_id: int, visit_id: int, call: Call, window: datetime, at: datetime) -> bool:
    person = fieldservice.technician_by_code(merchant_id=merchant_id, code=call.by)
    try:
        with transaction.atomic():
            fieldservice.book(
                merchant_id=merchant_id,
                visit_id=visit_id,
                window_from=window,
                technician_id=person.id,
                now=at,
            )
    except (fieldservice.CannotCome, fieldservice.SlotTaken):
        return False
    fieldservice.confirm(merchant_id=merchant_id, visit_id=visit_id, now=at + 30 * MINUTE)
    return True


def _go_on(merchant_id: int, visit_id: int, call: Call, window: datetime, now: datetime) -> None:
    """All that has happened by now, each at its time."""
    steps = _MISSED if call.ends == "missed" else _MADE
    for after, step in steps:
        at = window + after
        if at > now:
            return
        step(merchant_id, visit_id, at)


def _set_out(merchant_id: int, visit_id: int, at: datetime) -> None:
    fieldservice.set_out(merchant_id=merchant_id, visit_id=visit_id, now=at)


def _arrive(merchant_id: int, visit_id: int, at: datetime) -> None:
    code = fieldservice.arrival_code(merchant_id=merchant_id, visit_id=visit_id)
    fieldservice.check_in_by_code(merchant_id=merchant_id, visit_id=visit_id, code=code, now=at)
    fieldservice.begin_work(merchant_id=merchant_id, visit_id=visit_id, now=at + 5 * MINUTE)


def _finish(merchant_id: int, visit_id: int, at: datetime) -> None:
    name = f"visit-{visit_id}"
    photo = evidence.Upload(kind="photo", name=f"{name}.jpg", content=demo_photo(of=name))
    fieldservice.add_photos(
        merchant_id=merchant_id, visit_id=visit_id, uploads=[photo], by="technician", now=at
    )
    fieldservice.report_done(merchant_id=merchant_id, visit_id=visit_id, now=at)


def _accept(merchant_id: int, visit_id: int, at: datetime) -> None:
    code = fieldservice.completion_code(merchant_id=merchant_id, visit_id=visit_id)
    fieldservice.accept_by_code(merchant_id=merchant_id, visit_id=visit_id, code=code, now=at)


def _miss(merchant_id: int, visit_id: int, at: datetime) -> None:
    fieldservice.report_no_show(
        merchant_id=merchant_id, visit_id=visit_id, by="buyer", reason="等到中午没有人来", now=at
    )


_Step = Callable[[int, int, datetime], None]
_MADE: Final[tuple[tuple[timedelta, _Step], ...]] = (
    (-20 * MINUTE, _set_out),
    (25 * MINUTE, _arrive),
    (110 * MINUTE, _finish),
    (125 * MINUTE, _accept),
)
_MISSED: Final[tuple[tuple[timedelta, _Step], ...]] = ((NOBODY_CAME, _miss),)
