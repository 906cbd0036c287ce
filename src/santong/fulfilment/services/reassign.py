"""Head office takes work from a place and gives it to another."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import NoteMissing, PickupStays, StatePassed, TooManyAttempts
from santong.fulfilment.events import FulfilmentReassigned
from santong.fulfilment.models import ExceptionCase, FulfilmentOrder, Offer
from santong.fulfilment.rules.offers import may_try_again
from santong.fulfilment.rules.reassigning import SAYS_STOCK_IS_MISSING, WANTS_A_NOTE
from santong.fulfilment.rules.states import LIVE, REASSIGNABLE
from santong.fulfilment.services.accept import answer_offer
from santong.fulfilment.services.correct_stock import correct_stock
from santong.fulfilment.services.end_case import close_row
from santong.fulfilment.services.hand_on import ask_others, move_elsewhere
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def reassign(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    reason: contracts.ReassignReason,
    note: str = "",
    override: str = "",
    to_location_id: int | None = None,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Take all of a piece of work from its place and offer it to others; taken twice is taken once.

    `to_location_id` names the only place that may have it; one that has refused it is not asked.

    The place has not declined: its answers stay as they are, and its books are corrected only
    where the reason says that stock is missing. It is not asked again for this order. After the
    third attempt `override` has to say why one more is made. Without another place nothing
    changes.

    Raises NoSuch, StatePassed, PickupStays, NoteMissing, TooManyAttempts, routing.NothingCanServe,
    routing.TooContended. Emits FulfilmentReassigned, FulfilmentOffered, ExceptionClosed. Locks the
    work, its cases, then stock levels.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if _was_reassigned(row):
        return row.as_contract(lines=lines_of(row))
    _check(row, reason=reason, note=note, override=override)
    _close_cases(row, note=note or reason, now=now)
    lines = lines_of(row)
    quantity_by_line = {line.order_line_id: line.quantity for line in lines}
    found = move_elsewhere(
        row=row, quantity_by_line=quantity_by_line, cause=reason, now=now, only_to=to_location_id
    )
    if reason in SAYS_STOCK_IS_MISSING:
        correct_stock(
            row=row,
            declined=quantity_by_line,
            sku_by_line={line.order_line_id: line.sku_id for line in lines},
            effect="nothing_there",
            is_still_promised=False,
            reason=reason,
            now=now,
        )
    _close(row, reason=reason, note=note, override=override, now=now)
    outbox.publish(
        FulfilmentReassigned(
            order_id=row.order_id,
            fulfilment_order_id=row.id,
            location_id=row.location_id,
            reason=reason,
            quantity_by_line=quantity_by_line,
        ),
        now=now,
    )
    ask_others(row=row, decision=found, now=now)
    return row.as_contract(lines=lines)


def _was_reassigned(row: FulfilmentOrder) -> bool:
    offers = Offer.objects.of_merchant(row.merchant_id).filter(fulfilment_order=row)
    return (
        row.state == "cancelled" and offers.filter(reason__in=contracts.REASSIGN_REASONS).exists()
    )


def _check(row: FulfilmentOrder, *, reason: str, note: str, override: str) -> None:
    if row.mode == "pickup" and row.state in LIVE:
        raise PickupStays(fulfilment_order_id=row.id)
    if row.state not in REASSIGNABLE:
        raise StatePassed(fulfilment_order_id=row.id, state=row.state, wanted="reassigned")
    if reason in WANTS_A_NOTE and not note:
        raise NoteMissing(reason=reason)
    if not override and not may_try_again(attempt=row.attempt):
        raise TooManyAttempts(fulfilment_order_id=row.id, attempt=row.attempt)


def _close_cases(row: FulfilmentOrder, *, note: str, now: datetime) -> None:
    """What waited for a place goes with the rest."""
    cases = ExceptionCase.objects.of_merchant(row.merchant_id).filter(
        fulfilment_order=row, closed_at__isnull=True
    )
    for case in cases.lock():
        close_row(case, resolution="rerouted", note=note, now=now)


def _close(row: FulfilmentOrder, *, reason: str, note: str, override: str, now: datetime) -> None:
    row.closed_at = now
    step(
        row,
        to="cancelled",
        action="reassigned",
        reason=reason,
        now=now,
        changed=["closed_at"],
        details={"note": note, "override": override},
    )
    answer_offer(
        merchant_id=row.merchant_id, row_id=row.id, answer="withdrawn", reason=reason, now=now
    )
