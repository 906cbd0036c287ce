"""Open providers, technicians, territories and kinds of service, or change them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from santong.fieldservice import contracts
from santong.fieldservice.models import (
    Provider,
    ProviderStaff,
    ServiceType,
    Technician,
    Territory,
)
from santong.fieldservice.rules.fields import (
    check_code,
    check_name,
    check_number,
    check_point,
    clean_words,
)
from santong.fieldservice.rules.territory import cells_of_circle, cells_of_polygon
from santong.fieldservice.selectors.people import found_or_refused
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.settlement import public as settlement

M = TypeVar("M", Provider, ServiceType, Technician, Territory)
MOST_DISTRICTS = 500


@all_or_nothing
def keep_provider(
    *,
    merchant_id: int,
    code: str,
    name: str,
    speed: contracts.Speed = contracts.Speed(),  # noqa: B008  frozen
    staff_ids: Collection[int] = (),
    is_open: bool = True,
    now: datetime,
) -> contracts.Provider:
    """Open a provider, or change the one of this code; its people are these log-ins and no others.

    They see what the provider is owed for its work.

    Raises FieldInvalid, NoSuch. Locks the provider, then its party.
    """
    check_code(code)
    check_name(name)
    check_number("/detour_percent", speed.detour_percent, 100, 1_000)
    check_number("/metres_per_minute", speed.metres_per_minute, 1, 5_000)
    check_number("/fixed_minutes", speed.fixed_minutes, 0, 240)
    for staff_id in staff_ids:
        merchants.staff_by_id(merchant_id=merchant_id, staff_id=staff_id)
    row = _row(Provider, merchant_id, code)
    row.name, row.is_open = name.strip(), is_open
    row.detour_percent = speed.detour_percent
    row.metres_per_minute, row.fixed_minutes = speed.metres_per_minute, speed.fixed_minutes
    _keep(row, "provider", code, now)
    people = ProviderStaff.objects.of_merchant(merchant_id).filter(provider=row)
    people.exclude(staff__in=list(staff_ids)).delete()
    known = set(people.values_list("staff_id", flat=True))
    for staff_id in sorted(set(staff_ids) - known):
        ProviderStaff.objects.create(merchant_id=merchant_id, provider=row, staff_id=staff_id)
    settlement.open_installer(
        merchant_id=merchant_id, code=code, name=row.name, staff_ids=staff_ids, now=now
    )
    return row.as_contract(staff_ids=tuple(sorted(set(staff_ids))))


@all_or_nothing
def keep_technician(
    *,
    merchant_id: int,
    provider_code: str,
    code: str,
    name: str,
    skills: Collection[str],
    home: contracts.Point,
    territory_code: str = "",
    staff_id: int | None = None,
    is_working: bool = True,
    now: datetime,
) -> contracts.Technician:
    """Take a technician on, or change the one of this code. They stay with their provider.

    Raises FieldInvalid, NoSuch. Locks the technician.
    """
    check_code(code)
    check_name(name)
    check_point(home)
    provider = found_or_refused(
        Provider.objects.of_merchant(merchant_id).filter(code=provider_code).first(),
        "provider",
        provider_code,
    )
    if staff_id is not None:
        merchants.staff_by_id(merchant_id=merchant_id, staff_id=staff_id)
    row = _row(Technician, merchant_id, code)
    if row.provider_id not in {None, provider.id}:
        raise FieldInvalid(pointer="/provider_code", reason="somebody of another provider")
    row.provider = provider
    row.name, row.skills = name.strip(), list(clean_words(skills, pointer="/skills"))
    row.home_latitude, row.home_longitude = home
    row.territory = _territory(merchant_id, territory_code)
    row.staff_id, row.is_working = staff_id, is_working
    _check_log_in(row)
    _keep(row, "technician", code, now)
    return row.as_contract()


@all_or_nothing
def keep_territory(
    *,
    merchant_id: int,
    code: str,
    name: str,
    corners: Sequence[contracts.Point] = (),
    middle: contracts.Point | None = None,
    radius_metres: int = 0,
    districts: Collection[str] = (),
    now: datetime,
) -> contracts.Territory:
    """Keep where somebody goes: inside corners, within a distance, or in named districts.

    Districts are written as addresses name them: 浙江省/杭州市/西湖区.

    Raises FieldInvalid. Locks the territory.
    """
    check_code(code)
    check_name(name)
    row = _row(Territory, merchant_id, code)
    row.name, row.cells, row.districts = name.strip(), [], []
    try:
        if corners:
            row.kind = "polygon"
            row.cells = list(cells_of_polygon(corners))
            row.drawn = "\n".join(f"{each.latitude}, {each.longitude}" for each in corners)
        elif middle is not None:
            check_point(middle)
            row.kind = "radius"
            row.cells = list(cells_of_circle(middle, radius_metres))
            row.drawn = f"{middle.latitude}, {middle.longitude}, {radius_metres}"
        else:
            row.kind = "districts"
            row.districts = list(
                clean_words(districts, pointer="/districts", longest=120, most=MOST_DISTRICTS)
            )
            row.drawn = "\n".join(row.districts)
    except ValueError as wrong:
        raise FieldInvalid(
            pointer="/corners" if corners else "/radius_metres", reason=str(wrong)
        ) from wrong
    if not row.cells and not row.districts:
        raise FieldInvalid(pointer="/districts", reason="corners, a circle or districts")
    _keep(row, "territory", code, now)
    return row.as_contract()


@all_or_nothing
def keep_service_type(
    *, merchant_id: int, new: contracts.NewServiceType, now: datetime
) -> contracts.ServiceType:
    """Keep a kind of service; visits that are booked keep their times.

    Raises FieldInvalid. Locks the kind of service.
    """
    check_code(new.code)
    check_name(new.name)
    for name, least, most in (
        ("work_minutes", 5, 1_440),
        ("before_minutes", 0, 240),
        ("after_minutes", 0, 240),
        ("window_minutes", 15, 1_440),
        ("notice_hours", 0, 720),
        ("free_change_hours", 0, 720),
        ("late_fee_minor", 0, 10_000_000_000),
    ):
        check_number(f"/{name}", getattr(new, name), least, most)
    row = _row(ServiceType, merchant_id, new.code)
    for name in contracts.NewServiceType.__dataclass_fields__:
        setattr(row, name, getattr(new, name))
    row.skills = list(clean_words(new.skills, pointer="/skills"))
    _keep(row, "service_type", new.code, now)
    return row.as_contract()


def _row(model: type[M], merchant_id: int, code: str) -> M:
    rows = model.objects.of_merchant(merchant_id).filter(code=code)
    return rows.lock().first() or model(merchant_id=merchant_id, code=code)


def _keep(row: M, subject: str, code: str, now: datetime) -> None:
    is_new = row.pk is None
    row.save()
    audit.record(
        audit.Change(
            action=f"fieldservice.{'open' if is_new else 'change'}_{subject}",
            subject=subject,
            subject_id=row.pk,
            reason=code,
        ),
        now=now,
    )


def _territory(merchant_id: int, code: str) -> Territory | None:
    if not code:
        return None
    row = Territory.objects.of_merchant(merchant_id).filter(code=code).first()
    return found_or_refused(row, "territory", code)


def _check_log_in(row: Technician) -> None:
    taken = Technician.objects.of_merchant(row.merchant_id).filter(staff=row.staff_id)
    if row.staff_id is not None and taken.exclude(pk=row.pk).exists():
        raise FieldInvalid(pointer="/staff_id", reason="the log-in of another technician")
