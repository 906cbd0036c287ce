"""Visits, as those who may see them find them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from santong.fieldservice import contracts
from santong.fieldservice.models import Decision, Slot, Visit, VisitPart
from santong.fieldservice.rules.clock import day_span, instant_of
from santong.fieldservice.selectors.days import zone_of
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.sight import EVERYTHING, Sight, visits_seen

WITH = ("service_type", "provider", "technician")


def visit_by_id(*, merchant_id: int, visit_id: int, sight: Sight = EVERYTHING) -> contracts.Visit:
    """One visit. Raises NoSuch, also where somebody may not see it."""
    row = _rows(merchant_id, sight).filter(id=visit_id).first()
    return found_or_refused(row, "visit", str(visit_id)).as_contract()


def visits_of(
    *, merchant_id: int, document: str, sight: Sight = EVERYTHING
) -> list[contracts.Visit]:
    """The visits of a document (`order:17`), in the order in which they were asked for."""
    rows = _rows(merchant_id, sight).filter(document=document).order_by("id")
    return [row.as_contract() for row in rows]


def visits_page(
    *,
    merchant_id: int,
    states: Collection[str] = (),
    provider_id: int | None = None,
    document: str = "",
    below_id: int | None = None,
    limit: int = 50,
    sight: Sight = EVERYTHING,
) -> list[contracts.Visit]:
    """Visits, the newest first."""
    rows = _rows(merchant_id, sight)
    if states:
        rows = rows.filter(state__in=list(states))
    if provider_id is not None:
        rows = rows.filter(provider=provider_id)
    if document:
        rows = rows.filter(document=document)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def visits_on(
    *,
    merchant_id: int,
    on: date,
    days: int = 1,
    provider_id: int | None = None,
    technician_id: int | None = None,
    sight: Sight = EVERYTHING,
) -> list[contracts.Visit]:
    """The visits for which somebody comes on a local day, by the time of arrival."""
    zone = zone_of(merchant_id=merchant_id)
    first, last = day_span(on, zone), day_span(on + timedelta(days=days - 1), zone)
    rows = _rows(merchant_id, sight).filter(
        starts_at__gte=instant_of(first.start), starts_at__lt=instant_of(last.end)
    )
    if provider_id is not None:
        rows = rows.filter(provider=provider_id)
    if technician_id is not None:
        rows = rows.filter(technician=technician_id)
    rows = rows.exclude(state="cancelled").order_by("starts_at", "id")
    return [row.as_contract() for row in rows]


def held_slot(*, merchant_id: int, visit_id: int, now: datetime) -> contracts.Slot | None:
    """The time that is held for a visit, if it still is."""
    row = (
        Slot.objects.of_merchant(merchant_id)
        .filter(visit=visit_id, state="held", held_until__gt=now)
        .first()
    )
    return row.as_contract() if row else None


def parts_of(*, merchant_id: int, visit_id: int) -> list[contracts.Part]:
    """The parts that were used on a visit, and those that it needs."""
    rows = VisitPart.objects.of_merchant(merchant_id).filter(visit=visit_id)
    return [row.as_contract() for row in rows.order_by("kind", "sku_code")]


def follower_of(*, merchant_id: int, visit_id: int) -> int | None:
    """The visit that follows another, if one does."""
    rows = Visit.objects.of_merchant(merchant_id).filter(follows=visit_id)
    return rows.order_by("-id").values_list("id", flat=True).first()


def decisions_of(*, merchant_id: int, visit_id: int) -> list[contracts.Decision]:
    """Why who was sent to a visit, the newest decision first."""
    rows = Decision.objects.of_merchant(merchant_id).filter(visit=visit_id).order_by("-id")
    return [_decision(row) for row in rows]


def _decision(row: Decision) -> contracts.Decision:
    begins, ends = row.asked["window"]
    return contracts.Decision(
        id=row.id,
        visit_id=row.visit_id,
        at=row.at,
        window=contracts.Window(starts_at=instant_of(begins), ends_at=instant_of(ends)),
        chosen_id=row.chosen_id,
        offers=tuple(
            contracts.DecisionOffer(
                technician_id=each["id"],
                code=each["code"],
                refused=each["refused"],
                starts_at=None if each["start"] is None else instant_of(each["start"]),
                added_minutes=each["added_minutes"],
                load_minutes=each["load_minutes"],
                cost=each["cost"],
            )
            for each in row.offers
        ),
    )


def _rows(merchant_id: int, sight: Sight) -> QuerySet[Visit]:
    rows = Visit.objects.of_merchant(merchant_id).select_related(*WITH)
    return rows.filter(visits_seen(sight))
