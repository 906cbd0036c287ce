"""Whose visits somebody may see: their own, their provider's, their place's, or all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from santong.fieldservice.models import ProviderStaff, Technician
from santong.kernel.actors import Actor
from santong.merchants import public as merchants

SEES = "visits.view"
OUTSIDE = frozenset({"technician", "provider"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody sees. None of places stands for all of them, and with them for every visit."""

    location_ids: frozenset[int] | None
    provider_ids: frozenset[int] = frozenset()
    technician_id: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is everything."""
        return self.location_ids is None

    @property
    def is_own_only(self) -> bool:
        """Whether it is what one technician does, and no more."""
        return not self.is_whole and not self.location_ids and not self.provider_ids


EVERYTHING = Sight(location_ids=None)
NOTHING = Sight(location_ids=frozenset())


def sight_of(*, merchant_id: int, actor: Actor) -> Sight:
    """What an actor sees, whatever places their log-in has.

    Whoever works for the merchant sees the visits of their places, or all. A provider's people see
    their provider's visits, a technician their own; a program sees what its owner does.
    """
    if actor.kind == "system":
        return EVERYTHING
    if actor.kind not in {"staff", "token"} or not actor.may(SEES):
        return NOTHING
    staff_id = merchants.owner_of(merchant_id=merchant_id, actor=actor)
    grants = merchants.grants_of(merchant_id=merchant_id, staff_id=staff_id)
    roles = {grant.role for grant in grants}
    return Sight(
        location_ids=_places(actor, grants),
        provider_ids=_providers(merchant_id, staff_id) if "provider" in roles else frozenset(),
        technician_id=_technician(merchant_id, staff_id) if "technician" in roles else None,
    )


def visits_seen(sight: Sight) -> Q:
    """The condition under which a visit is seen."""
    if sight.is_whole:
        return Q()
    seen = Q(pk__in=[])
    if sight.location_ids:
        seen |= Q(seller_location__in=sight.location_ids)
    if sight.provider_ids:
        seen |= Q(provider__in=sight.provider_ids)
    if sight.technician_id is not None:
        seen |= Q(technician=sight.technician_id)
    return seen


def technicians_seen(sight: Sight) -> Q:
    """The condition under which a technician is seen; a shop sees who may come to its buyers."""
    if sight.is_whole or sight.location_ids:
        return Q()
    seen = Q(provider__in=sight.provider_ids)
    return seen if sight.technician_id is None else seen | Q(id=sight.technician_id)


def providers_seen(sight: Sight) -> Q:
    """The condition under which a provider is seen."""
    if sight.is_whole or sight.location_ids:
        return Q()
    return Q(id__in=sight.provider_ids)


def _places(actor: Actor, grants: list[merchants.Grant]) -> frozenset[int] | None:
    """The places of whoever works for the merchant itself; none of the outside roles has any."""
    house = [
        grant
        for grant in grants
        if grant.role not in OUTSIDE and SEES in merchants.PERMISSIONS_BY_ROLE[grant.role]
    ]
    if any(
        grant.brand_id is None and grant.dealer_id is None and grant.location_id is None
        for grant in house
    ):
        return None
    places = actor.at(SEES).location_ids
    if places is None or not house:
        return frozenset(grant.location_id for grant in house if grant.location_id is not None)
    return places


def _providers(merchant_id: int, staff_id: int) -> frozenset[int]:
    rows = ProviderStaff.objects.of_merchant(merchant_id).filter(staff=staff_id)
    return frozenset(rows.values_list("provider_id", flat=True))


def _technician(merchant_id: int, staff_id: int) -> int | None:
    rows = Technician.objects.of_merchant(merchant_id).filter(staff=staff_id)
    return rows.values_list("id", flat=True).first()
