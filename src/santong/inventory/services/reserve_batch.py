"""Serve many claims on few SKUs at once: the hot drop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.inventory.contracts import Claim, ClaimResult, Reservation
from santong.inventory.rules.lines import (
    asked_by_place,
    check_holder,
    merged,
    missing_lines,
    next_attempts,
    superseded,
)
from santong.inventory.rules.shortages import share_out
from santong.inventory.selectors.reservations import reservations_by_holder
from santong.inventory.services.end_expired import end_expired
from santong.inventory.services.lock import lock_levels, try_lock_holder
from santong.inventory.services.promise import Portions, promise, told_of
from santong.kernel import outbox
from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing

RowsByHolder = Mapping[str, Sequence[Reservation]]


@all_or_nothing
def reserve_batch(
    *, merchant_id: int, claims: Sequence[Claim], expires_at: datetime | None, now: datetime
) -> list[ClaimResult]:
    """Serve claims in their order, each whole or not at all, with one write for all of them.

    A claim that is short gets nothing and hinders nobody behind it. What stands for a holder stays
    as it is, as in `reserve`; of two claims of one holder the first counts.

    Raises FieldInvalid, Busy. Emits StockReserved for each claim. Locks stock levels.
    """
    wanted = _first_claims(claims)
    if not wanted:
        return []
    places = asked_by_place(line for claim in wanted for line in claim.lines)
    atp_by_place = lock_levels(merchant_id=merchant_id, places=places)
    rows_by_holder = _rows_by_holder(merchant_id, wanted)
    open_claims = _without_answered(wanted, rows_by_holder)
    shared = share_out(open_claims, atp_by_place=atp_by_place)
    accepted = [open_claims[position] for position in shared.accepted]
    made = _promise_all(merchant_id, accepted, rows_by_holder, expires_at, now)
    short_by_holder = {
        open_claims[position].holder: short for position, short in shared.short_by_claim.items()
    }
    result_by_holder = {
        claim.holder: ClaimResult(
            holder=claim.holder,
            reservations=_standing(claim, rows_by_holder, made),
            short=short_by_holder.get(claim.holder, ()),
        )
        for claim in wanted
    }
    return [result_by_holder[claim.holder] for claim in claims]


def _first_claims(claims: Sequence[Claim]) -> list[Claim]:
    """The first claim of each holder, in order, its lines merged."""
    first: dict[str, Claim] = {}
    for claim in claims:
        check_holder(claim.holder)
        if claim.holder not in first:
            first[claim.holder] = Claim(holder=claim.holder, lines=tuple(merged(claim.lines)))
    return list(first.values())


def _rows_by_holder(merchant_id: int, claims: Sequence[Claim]) -> RowsByHolder:
    """What the holders have, with those locked who had something and may get it anew.

    They are not waited for: levels are locked already, and everybody else locks the holder first.
    """
    rows_by_holder = reservations_by_holder(
        merchant_id=merchant_id, holders=[claim.holder for claim in claims]
    )
    returning = [
        claim.holder
        for claim in claims
        if (rows := rows_by_holder.get(claim.holder)) and missing_lines(claim.lines, rows=rows)
    ]
    if not returning:
        return rows_by_holder
    if not all(try_lock_holder(merchant_id=merchant_id, holder=holder) for holder in returning):
        raise Busy
    fresh = reservations_by_holder(merchant_id=merchant_id, holders=returning)
    return {**rows_by_holder, **fresh}


def _without_answered(claims: Sequence[Claim], rows_by_holder: RowsByHolder) -> list[Claim]:
    """What is still to be promised of each claim; claims that are answered are left out."""
    found = [
        Claim(
            holder=claim.holder,
            lines=tuple(missing_lines(claim.lines, rows=rows_by_holder.get(claim.holder, ()))),
        )
        for claim in claims
    ]
    return [claim for claim in found if claim.lines]


def _promise_all(
    merchant_id: int,
    claims: Sequence[Claim],
    rows_by_holder: RowsByHolder,
    expires_at: datetime | None,
    now: datetime,
) -> dict[str, list[Reservation]]:
    if not claims:
        return {}
    asked = asked_by_place(line for claim in claims for line in claim.lines)
    portions = Portions()
    for claim in claims:
        portions.add(
            claim.lines,
            holder=claim.holder,
            attempt_by_line=next_attempts(rows_by_holder.get(claim.holder, ())),
        )
    made: dict[str, list[Reservation]] = {}
    for reservation in promise(
        merchant_id=merchant_id,
        portions=portions,
        asked=asked,
        expires_at=expires_at,
        alone=None,
        fact=None,
        now=now,
    ):
        made.setdefault(reservation.holder, []).append(reservation)
    if sum(map(len, made.values())) != len(portions.lines):
        # One of the holders is being served at other places at this moment.
        raise Busy
    old = [
        row_id
        for holder, rows in made.items()
        for row_id in superseded(rows_by_holder.get(holder, ()), made=rows)
    ]
    end_expired(merchant_id=merchant_id, row_ids=old, line_ids=None, now=now)
    outbox.publish(
        *(told_of(rows, holder=holder, expires_at=expires_at) for holder, rows in made.items()),
        now=now,
    )
    return made


def _standing(
    claim: Claim, rows_by_holder: RowsByHolder, made: RowsByHolder
) -> tuple[Reservation, ...]:
    """What the lines of a claim have now."""
    line_ids = {line.line_id for line in claim.lines}
    return tuple(
        row
        for row in [*rows_by_holder.get(claim.holder, ()), *made.get(claim.holder, ())]
        if row.line_id in line_ids and row.is_standing
    )
