"""Give somebody's time to a visit, once, with the reason written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError

from santong.fieldservice.errors import CannotCome, SlotTaken
from santong.fieldservice.models import Decision, Slot, Technician, Visit
from santong.fieldservice.rules.clock import Span, instant_of
from santong.fieldservice.rules.dispatch import Candidate, Offer, chosen_of, decide
from santong.fieldservice.rules.written import (
    asked_to_json,
    candidate_to_json,
    offers_to_json,
)
from santong.fieldservice.selectors.days import matrix, zone_of
from santong.fieldservice.selectors.offers import (
    asked_of,
    candidates_on,
    earliest_of,
    window_at,
)

# Each try that fails is somebody else who was served: it ends, and this only bounds the wait.
MOST_TRIES = 50
OVERLAP = "nobody_is_in_two_places_at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be taken."""

    visit: Visit
    window: Span
    zone: ZoneInfo
    technician_id: int | None
    now: datetime

    def candidates(self, only: int | None = None) -> list[Candidate]:
        return candidates_on(
            merchant_id=self.visit.merchant_id,
            visit=self.visit,
            window=self.window,
            zone=self.zone,
            now=self.now,
            technician_ids=None if only is None else [only],
        )

    def refusal(self) -> SlotTaken:
        return SlotTaken(window_from=instant_of(self.window.start).isoformat())


def take_time(
    *,
    visit: Visit,
    window_from: datetime,
    state: Literal["held", "booked"],
    held_until: datetime | None,
    technician_id: int | None,
    now: datetime,
) -> Slot:
    """Hold or book the cheapest technician's time in a window, or that of the one who is named.

    Who was cheapest is locked and looked at again; whose time is gone meanwhile is passed over, as
    long as there is somebody else who could come.

    Raises SlotTaken, CannotCome. Locks the technician; the visit is locked already.
    """
    zone = zone_of(merchant_id=visit.merchant_id)
    window = window_at(visit=visit, starts_at=window_from, zone=zone)
    if window is None or (technician_id is None and window.start < earliest_of(visit, now)):
        raise SlotTaken(window_from=window_from.isoformat())
    wanted = _Wanted(visit=visit, window=window, zone=zone, technician_id=technician_id, now=now)
    for _ in range(MOST_TRIES):
        candidates = wanted.candidates()
        offers = decide(asked=asked_of(visit, window), candidates=candidates, matrix=matrix())
        chosen = _chosen(wanted, offers)
        _lock(visit.merchant_id, chosen.technician_id, now)
        (fresh,) = wanted.candidates(chosen.technician_id) or (None,)
        if fresh is not None and fresh in candidates:
            _write_down(wanted, candidates, offers, chosen)
            row = _slot(wanted, chosen)
            row.state, row.held_until = state, held_until
            insert_slot(row)
            return row
    raise wanted.refusal()


def insert_slot(row: Slot) -> None:
    """Insert a slot; the database has the last word. Raises SlotTaken."""
    try:
        row.save(force_insert=True)
    except IntegrityError as failure:
        diagnosis = getattr(failure.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == OVERLAP:
            raise SlotTaken(window_from=row.window_from.isoformat()) from None
        raise


def _chosen(wanted: _Wanted, offers: Sequence[Offer]) -> Offer:
    if wanted.technician_id is None:
        found = chosen_of(offers)
        if found is None:
            raise wanted.refusal()
        return found
    named = next((each for each in offers if each.technician_id == wanted.technician_id), None)
    if named is None or named.refused is not None:
        why = named.refused if named and named.refused else "away"
        raise CannotCome(technician_id=str(wanted.technician_id), why=why)
    return named


def _lock(merchant_id: int, technician_id: int, now: datetime) -> None:
    """Take the technician, and let holds of theirs go that ran out."""
    list(Technician.objects.of_merchant(merchant_id).filter(id=technician_id).lock())
    Slot.objects.of_merchant(merchant_id).filter(
        technician=technician_id, state="held", held_until__lte=now
    ).update(state="released")


def _write_down(
    wanted: _Wanted, candidates: Sequence[Candidate], offers: Sequence[Offer], chosen: Offer
) -> None:
    Decision.objects.create(
        merchant_id=wanted.visit.merchant_id,
        visit=wanted.visit,
        at=wanted.now,
        matrix=settings.SANTONG_TRAVEL_MATRIX,
        asked=asked_to_json(asked_of(wanted.visit, wanted.window)),
        candidates=[candidate_to_json(each) for each in candidates],
        offers=offers_to_json(offers),
        chosen_id=chosen.technician_id,
        by_hand=wanted.technician_id is not None,
    )


def _slot(wanted: _Wanted, chosen: Offer) -> Slot:
    assert chosen.start is not None
    assert chosen.busy is not None
    return Slot(
        merchant_id=wanted.visit.merchant_id,
        visit=wanted.visit,
        technician_id=chosen.technician_id,
        window_from=instant_of(wanted.window.start),
        window_until=instant_of(wanted.window.end),
        starts_at=instant_of(chosen.start),
        ends_at=instant_of(chosen.start + wanted.visit.service_type.work_minutes),
        busy_from=instant_of(chosen.busy.start),
        busy_until=instant_of(chosen.busy.end),
        made_at=wanted.now,
    )
