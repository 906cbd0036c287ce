"""Whose books somebody may see: their own only, or everybody's."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from santong.kernel.actors import Actor
from santong.merchants import public as merchants
from santong.settlement.contracts import PartyRef
from santong.settlement.models import Party


def parties_seen(*, merchant_id: int, actor: Actor) -> frozenset[int] | None:
    """The parties whose books an actor may see; none stands for all of them.

    Whoever works for the whole merchant (head office, finance) sees all. A dealer sees the dealer
    and its places; who leads a place sees the place; a clerk sees what is credited to their own
    log-in, and not the books of the place.
    """
    if actor.location_ids is None:
        return None
    wanted = Q(pk__in=[])
    grants = _grants(merchant_id, actor)
    dealers = {grant.dealer_id for grant in grants if grant.dealer_id and grant.role == "dealer"}
    if dealers:
        wanted |= Q(kind="dealer", dealer__in=dealers)
    places = _places_led(actor, grants)
    if places:
        wanted |= Q(kind="place", location__in=places)
    login = _login(merchant_id, actor)
    if login:
        wanted |= Q(code=PartyRef(kind="clerk", code=login).text)
    rows = Party.objects.of_merchant(merchant_id).filter(wanted)
    return frozenset(rows.values_list("id", flat=True))


def _places_led(actor: Actor, grants: Collection[merchants.Grant]) -> frozenset[int]:
    """The places for which an actor speaks: where they are not only a clerk."""
    if not actor.may("statements.dispute"):
        return frozenset()
    disputes_at = actor.at("statements.dispute").location_ids
    places = (disputes_at if disputes_at is not None else actor.location_ids) or frozenset()
    only_clerk = {each.location_id for each in grants if each.role == "clerk"} - {
        each.location_id for each in grants if each.role != "clerk"
    }
    if any(each.role == "dealer" for each in grants):
        return places
    return frozenset(each for each in places if each not in only_clerk)


def _grants(merchant_id: int, actor: Actor) -> list[merchants.Grant]:
    if actor.kind != "staff":
        return []
    return merchants.grants_of(merchant_id=merchant_id, staff_id=int(actor.id))


def _login(merchant_id: int, actor: Actor) -> str:
    if actor.kind != "staff":
        return ""
    return merchants.staff_by_id(merchant_id=merchant_id, staff_id=int(actor.id)).login
