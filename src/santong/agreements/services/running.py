"""Clocks of terms that have a last day: started by acceptance, stopped by what happens."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.agreements.models import AgreementTerm, ServiceAgreement
from santong.agreements.rules.terms import due_at, waits_for
from santong.agreements.selectors.records import terms_of_row
from santong.agreements.services.outcomes import keep_term
from santong.clocks import public as clocks
from santong.orders import public as orders
from santong.stores import public as stores

_DONE_BY_STATE: Final = {"shipped": ("ship",), "delivered": ("ship", "delivery")}


def clock_name(number: int) -> str:
    """What the clock of a term is called."""
    return f"term-{number}"


def start_clocks(row: ServiceAgreement, *, now: datetime) -> None:
    """Start a clock for each term with a last day, due when that is over in the shop's zone.

    What has happened before is kept at once.
    """
    done = _done_already(row)
    for term in terms_of_row(row):
        due = due_at(term.as_contract(), timezone=row.timezone)
        if due is None:
            continue
        if waits_for(term.as_contract()) in done:
            keep_term(row, term, at=now, now=now)
            continue
        clocks.start(
            merchant_id=row.merchant_id,
            subject=row.subject,
            term=clock_name(term.number),
            due_at=due,
            started_at=now,
            tags=_tags(row, term),
            now=now,
        )


def stop_clocks(row: ServiceAgreement, *, what: str, at: datetime, now: datetime) -> None:
    """Stop the clocks that wait for shipping, delivery or installing."""
    for term in _clocked(row):
        if waits_for(term.as_contract()) == what:
            clocks.stop(
                merchant_id=row.merchant_id,
                subject=row.subject,
                term=clock_name(term.number),
                at=max(at, row.accepted_at or at),
                reason=what,
                now=now,
            )


def cancel_clocks(row: ServiceAgreement, *, now: datetime) -> None:
    """End the clocks of what is promised no more; one that is late runs on until it is there."""
    for term in _clocked(row):
        if term.outcome == "open":
            clocks.cancel(
                merchant_id=row.merchant_id,
                subject=row.subject,
                term=clock_name(term.number),
                at=now,
                reason="promised no more",
                now=now,
            )


def _clocked(row: ServiceAgreement) -> list[AgreementTerm]:
    """Terms whose clocks run."""
    running = {
        each.term
        for each in clocks.clocks_of(merchant_id=row.merchant_id, subject=row.subject)
        if each.state in {"running", "paused"}
    }
    return [term for term in terms_of_row(row) if clock_name(term.number) in running]


def _done_already(row: ServiceAgreement) -> tuple[str, ...]:
    order_id = orders.order_of_document(document=row.document)
    if order_id is None:
        return ()
    order = orders.order_by_id(merchant_id=row.merchant_id, order_id=order_id)
    return _DONE_BY_STATE.get(order.state, ())


def _tags(row: ServiceAgreement, term: AgreementTerm) -> dict[str, str]:
    tags = {term.bearer: term.bearer_code} if term.bearer == "provider" else {}
    if row.location_id is not None:
        found = stores.locations_by_id(merchant_id=row.merchant_id, location_ids=[row.location_id])
        tags["store"] = found[row.location_id].code
    return tags
