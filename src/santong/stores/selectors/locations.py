"""Reading places."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from santong.stores.contracts import Location
from santong.stores.models import Location as LocationTable


def locations_by_id(*, merchant_id: int, location_ids: Iterable[int]) -> dict[int, Location]:
    """Places by their ids; unknown ids are left out."""
    rows = LocationTable.objects.of_merchant(merchant_id).filter(id__in=set(location_ids))
    return {row.id: row.as_contract() for row in rows}


def locations_by_code(*, merchant_id: int, codes: Iterable[str]) -> dict[str, Location]:
    """Places by their codes; unknown codes are left out."""
    rows = LocationTable.objects.of_merchant(merchant_id).filter(code__in=set(codes))
    return {row.code: row.as_contract() for row in rows}


def locations_page(
    *,
    merchant_id: int,
    search: str = "",
    kind: str = "",
    is_open: bool | None = None,
    location_ids: Iterable[int] | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[Location]:
    """Places, newest first: all, or by the beginning of a code or part of a name or city."""
    rows = LocationTable.objects.of_merchant(merchant_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    if kind:
        rows = rows.filter(kind=kind)
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    if location_ids is not None:
        rows = rows.filter(id__in=set(location_ids))
    if text := search.strip():
        rows = rows.filter(
            Q(code__istartswith=text)
            | Q(name__icontains=text)
            | Q(province__startswith=text)
            | Q(city__startswith=text)
        )
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]
