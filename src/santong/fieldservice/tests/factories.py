"""Providers, technicians and visits for tests: name what the test is about."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.fieldservice import contracts
from santong.fieldservice.selectors.invariants import check_invariants
from santong.fieldservice.services.keep_calendar import set_hours
from santong.fieldservice.services.keep_people import (
    keep_provider,
    keep_service_type,
    keep_technician,
)
from santong.fieldservice.services.request_visit import request_visit
from santong.kernel import outbox
from santong.kernel.errors import DomainError

# 15:27 on a Wednesday in China.
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
TOMORROW = date(2026, 11, 12)
DAILY = "FREQ=DAILY"
# West Lake, Hangzhou, and how far a hundredth of a degree is: about 1.1 km to the north.
LAKE = contracts.Point(30.25, 120.15)
CONTACT = contracts.Contact(name="王小明", phone="13800138000")
PLACE = contracts.Place(
    province="浙江省",
    city="杭州市",
    district="西湖区",
    address="文三路 90 号 3 幢 1201 室",
    latitude=30.2712,
    longitude=120.1312,
)
INSTALL = contracts.NewServiceType(
    code="install", name="橱柜安装", work_minutes=90, skills=("cabinet",), after_minutes=10
)

_numbers = itertools.count(1)


def local(hour: int, minute: int = 0, *, on: date = TOMORROW) -> datetime:
    """A time of a day in China."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(
        hours=hour - 8, minutes=minute
    )


def make_service(merchant_id: int, **given: Any) -> contracts.ServiceType:
    """Ninety minutes of cabinets, in windows of two hours."""
    return keep_service_type(merchant_id=merchant_id, new=replace(INSTALL, **given), now=NOW)


def make_provider(merchant_id: int, *, code: str = "", **given: Any) -> contracts.Provider:
    """A provider with a name of its own."""
    code = code or f"p{next(_numbers)}"
    return keep_provider(merchant_id=merchant_id, code=code, name="安居服务", now=NOW, **given)


def make_technician(
    merchant_id: int,
    *,
    provider: contracts.Provider,
    home: contracts.Point = LAKE,
    skills: Sequence[str] = ("cabinet",),
    hours: Sequence[tuple[str, str]] = (("08:00", "12:00"), ("13:00", "18:00")),
    **given: Any,
) -> contracts.Technician:
    """Somebody who works every day, with a break at noon."""
    code = given.pop("code", "") or f"t{next(_numbers)}"
    made = keep_technician(
        merchant_id=merchant_id,
        provider_code=provider.code,
        code=code,
        name=given.pop("name", "李师傅"),
        skills=skills,
        home=home,
        now=NOW,
        **given,
    )
    set_hours(
        merchant_id=merchant_id,
        technician_id=made.id,
        hours=[
            contracts.Hours(rule=DAILY, begins=begins, ends=ends, valid_from=date(2026, 1, 1))
            for begins, ends in hours
        ],
        now=NOW,
    )
    return made


def make_team(merchant_id: int, *, people: int = 1, **given: Any) -> contracts.Technician:
    """A service, a provider and its people; gives the first of them."""
    make_service(merchant_id)
    provider = make_provider(merchant_id)
    made = [make_technician(merchant_id, provider=provider, **given) for _ in range(people)]
    return made[0]


def make_visit(
    merchant_id: int, *, place: contracts.Place = PLACE, **given: Any
) -> contracts.Visit:
    """A visit that can be booked. The service is there already."""
    values: dict[str, Any] = {
        "document": f"stagedsale:{next(_numbers)}",
        "service_type_code": "install",
        "contact": CONTACT,
        "key": f"visit-{next(_numbers)}",
        "now": NOW,
    }
    return request_visit(merchant_id=merchant_id, place=place, **{**values, **given})


def at(north: float, east: float) -> contracts.Place:
    """A place so many hundredths of a degree from the lake."""
    return replace(
        PLACE, latitude=LAKE.latitude + north / 100, longitude=LAKE.longitude + east / 100
    )


@contextmanager
def refused(kind: type[DomainError]) -> Iterator[pytest.ExceptionInfo[Any]]:
    """Something is refused, and the test goes on: what it had written is taken back."""
    with pytest.raises(kind) as caught, transaction.atomic():
        yield caught


def told(merchant_id: int, visit: contracts.Visit) -> list[outbox.Told]:
    """The facts of a visit, in order."""
    found = outbox.told_of(merchant_id=merchant_id, aggregate=f"visit_id:{visit.id}")
    return [fact for fact in found if fact.name.startswith("fieldservice.")]


def assert_sound(merchant_id: int) -> None:
    """Nothing contradicts anything. Opens no scope."""
    assert check_invariants(merchant_id=merchant_id) == []
