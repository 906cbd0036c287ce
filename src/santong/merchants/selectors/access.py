"""What staff may do, read from their grants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from santong.merchants import contracts
from santong.merchants.models import LocationOwner, RoleGrant
from santong.merchants.rules.access import Access, GrantedRole, Places, access_of


def access_of_staff(*, merchant_id: int, staff_id: int) -> Access:
    """What somebody's grants add up to now."""
    grants = RoleGrant.objects.of_merchant(merchant_id).filter(staff_id=staff_id)
    return access_of_grants(
        merchant_id=merchant_id, grants=[grant.as_contract() for grant in grants]
    )


def access_of_grants(*, merchant_id: int, grants: Sequence[contracts.Grant]) -> Access:
    """What grants add up to, with the places that brands and dealers have now."""
    owned = _owned_places(merchant_id, grants)
    return access_of(GrantedRole(grant.role, _places_of(grant, owned)) for grant in grants)


def grants_of(*, merchant_id: int, staff_id: int) -> list[contracts.Grant]:
    """Somebody's grants, in the order in which they were given."""
    rows = RoleGrant.objects.of_merchant(merchant_id).filter(staff_id=staff_id).order_by("id")
    return [row.as_contract() for row in rows]


def grants_by_staff(
    *, merchant_id: int, staff_ids: Iterable[int]
) -> dict[int, list[contracts.Grant]]:
    """The grants of several people; whoever has none has an empty list."""
    found: dict[int, list[contracts.Grant]] = {staff_id: [] for staff_id in staff_ids}
    rows = RoleGrant.objects.of_merchant(merchant_id).filter(staff_id__in=list(found))
    for row in rows.order_by("id"):
        found[row.staff_id].append(row.as_contract())
    return found


def _owned_places(
    merchant_id: int, grants: Sequence[contracts.Grant]
) -> list[tuple[int, int | None, int | None]]:
    brands = [grant.brand_id for grant in grants if grant.brand_id is not None]
    dealers = [grant.dealer_id for grant in grants if grant.dealer_id is not None]
    if not brands and not dealers:
        return []
    rows = LocationOwner.objects.of_merchant(merchant_id).filter(
        Q(brand_id__in=brands) | Q(dealer_id__in=dealers)
    )
    return list(rows.values_list("location_id", "brand_id", "dealer_id"))


def _places_of(
    grant: contracts.Grant, owned: Sequence[tuple[int, int | None, int | None]]
) -> Places:
    if grant.location_id is not None:
        return frozenset({grant.location_id})
    if grant.brand_id is not None:
        return frozenset(place for place, brand, _ in owned if brand == grant.brand_id)
    if grant.dealer_id is not None:
        return frozenset(place for place, _, dealer in owned if dealer == grant.dealer_id)
    return None
