"""Providers, technicians, their calendars and territories, and kinds of service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import TypeVar

from santong.fieldservice import contracts
from santong.fieldservice.models import (
    Holiday,
    Leave,
    Provider,
    ProviderStaff,
    ServiceType,
    Technician,
    Territory,
    WorkHours,
)
from santong.fieldservice.selectors.sight import (
    EVERYTHING,
    Sight,
    providers_seen,
    technicians_seen,
)
from santong.kernel.errors import NoSuch


def providers(*, merchant_id: int, sight: Sight = EVERYTHING) -> list[contracts.Provider]:
    """The providers that somebody sees, by code."""
    rows = Provider.objects.of_merchant(merchant_id).filter(providers_seen(sight))
    staff: dict[int, list[int]] = defaultdict(list)
    for row in ProviderStaff.objects.of_merchant(merchant_id).order_by("id"):
        staff[row.provider_id].append(row.staff_id)
    return [row.as_contract(staff_ids=tuple(staff[row.id])) for row in rows.order_by("code")]


def provider_by_code(
    *, merchant_id: int, code: str, sight: Sight = EVERYTHING
) -> contracts.Provider:
    """One provider. Raises NoSuch."""
    found = providers(merchant_id=merchant_id, sight=sight)
    return found_or_refused(
        next((each for each in found if each.code == code), None), "provider", code
    )


def technicians(
    *, merchant_id: int, provider_id: int | None = None, sight: Sight = EVERYTHING
) -> list[contracts.Technician]:
    """The technicians that somebody sees, by code."""
    rows = (
        Technician.objects.of_merchant(merchant_id)
        .filter(technicians_seen(sight))
        .select_related("provider")
    )
    if provider_id is not None:
        rows = rows.filter(provider=provider_id)
    return [row.as_contract() for row in rows.order_by("code")]


def technician_by_code(
    *, merchant_id: int, code: str, sight: Sight = EVERYTHING
) -> contracts.Technician:
    """One technician. Raises NoSuch."""
    row = (
        Technician.objects.of_merchant(merchant_id)
        .filter(technicians_seen(sight), code=code)
        .select_related("provider")
        .first()
    )
    return found_or_refused(row, "technician", code).as_contract()


def hours_of(*, merchant_id: int, technician_id: int) -> list[contracts.Hours]:
    """When a technician works, as rules."""
    rows = WorkHours.objects.of_merchant(merchant_id).filter(technician=technician_id)
    return [row.as_contract() for row in rows.order_by("begins", "id")]


def leave_of(*, merchant_id: int, technician_id: int) -> list[contracts.Leave]:
    """When a technician is away, the latest first."""
    rows = Leave.objects.of_merchant(merchant_id).filter(technician=technician_id)
    return [row.as_contract() for row in rows.order_by("-starts_at")[:100]]


def holidays_of(*, merchant_id: int, provider_id: int) -> list[contracts.Holiday]:
    """The days on which nobody of a provider works."""
    rows = Holiday.objects.of_merchant(merchant_id).filter(provider=provider_id)
    return [contracts.Holiday(on=row.on, name=row.name) for row in rows.order_by("on")]


def holidays_by_provider(*, merchant_id: int, on: date) -> frozenset[int]:
    """The providers of which nobody works on a day."""
    rows = Holiday.objects.of_merchant(merchant_id).filter(on=on)
    return frozenset(rows.values_list("provider_id", flat=True))


def territories(*, merchant_id: int) -> list[contracts.Territory]:
    """All territories, by code."""
    rows = Territory.objects.of_merchant(merchant_id).order_by("code")
    return [row.as_contract() for row in rows]


def service_types(*, merchant_id: int) -> list[contracts.ServiceType]:
    """All kinds of service, by code."""
    rows = ServiceType.objects.of_merchant(merchant_id).order_by("code")
    return [row.as_contract() for row in rows]


def service_type_by_code(*, merchant_id: int, code: str) -> contracts.ServiceType:
    """One kind of service. Raises NoSuch."""
    row = ServiceType.objects.of_merchant(merchant_id).filter(code=code).first()
    return found_or_refused(row, "service type", code).as_contract()


def names_of_technicians(*, merchant_id: int, technician_ids: Collection[int]) -> dict[int, str]:
    """What technicians are called."""
    rows = Technician.objects.of_merchant(merchant_id).filter(id__in=list(technician_ids))
    return dict(rows.values_list("id", "name"))


T = TypeVar("T")


def found_or_refused(row: T | None, kind: str, key: str) -> T:
    """What was found. Raises NoSuch."""
    if row is None:
        raise NoSuch(kind=kind, key=key)
    return row
