"""Whose books somebody may see: their own only, or everybody's."""

from __future__ import annotations

from django.db.models import Q

from santong.kernel.actors import Actor
from santong.merchants import public as merchants
from santong.settlement.contracts import PartyRef
from santong.settlement.models import Party, PartyReader

# Whoever sees who works at a place leads it: its books are theirs, and not its clerks'.
LEADS = "staff.view"
# Roles of people who work for providers: everywhere, and for their own books only.
OUTSIDE = frozenset({"technician", "provider"})


def parties_seen(*, merchant_id: int, actor: Actor) -> frozenset[int] | None:
    """The parties whose books an actor may see; none stands for all of them.

    Whoever works for the whole merchant (head office, finance) sees all. A dealer sees the dealer
    and its places; who leads a place sees the place; a clerk sees what is credited to their own
    log-in, and not the books of the place. Who works for a provider sees that provider's books,
    though they may go anywhere. A program sees what its owner sees.
    """
    staff_id = _staff_id(merchant_id, actor)
    grants = _grants(merchant_id, staff_id)
    if actor.location_ids is None and _works_for_all(grants):
        return None
    wanted = Q(pk__in=[])
    dealers = {grant.dealer_id for grant in grants if grant.dealer_id and grant.role == "dealer"}
    if dealers:
        wanted |= Q(kind="dealer", dealer__in=dealers)
    if staff_id is not None:
        readers = PartyReader.objects.of_merchant(merchant_id).filter(staff=staff_id)
        wanted |= Q(id__in=readers.values("party"))
    if actor.may(LEADS):
        led = actor.at(LEADS).location_ids
        wanted |= Q(kind="place", location__in=actor.location_ids if led is None else led)
    if staff_id is not None:
        login = merchants.staff_by_id(merchant_id=merchant_id, staff_id=staff_id).login
        wanted |= Q(code=PartyRef(kind="clerk", code=login).text)
    rows = Party.objects.of_merchant(merchant_id).filter(wanted)
    return frozenset(rows.values_list("id", flat=True))


def _works_for_all(grants: list[merchants.Grant]) -> bool:
    """Whether somebody works for the whole merchant; who has no grants was let in otherwise."""
    return not grants or any(
        grant.role not in OUTSIDE and grant.dealer_id is None and grant.location_id is None
        for grant in grants
    )


def _staff_id(merchant_id: int, actor: Actor) -> int | None:
    """Who that is, or whose program; the system and buyers are nobody's."""
    if actor.kind not in {"staff", "token"}:
        return None
    return merchants.owner_of(merchant_id=merchant_id, actor=actor)


def _grants(merchant_id: int, staff_id: int | None) -> list[merchants.Grant]:
    if staff_id is None:
        return []
    return merchants.grants_of(merchant_id=merchant_id, staff_id=staff_id)
