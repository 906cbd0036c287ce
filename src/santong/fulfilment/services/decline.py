"""A place says that it will not send, and why; or it says nothing in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import NotWhatWasAsked, StatePassed
from santong.fulfilment.events import FulfilmentDeclined
from santong.fulfilment.models import FulfilmentLine, FulfilmentOrder
from santong.fulfilment.rules.declining import EFFECT_BY_REASON
from santong.fulfilment.rules.states import DECLINABLE
from santong.fulfilment.services.accept import answer_offer
from santong.fulfilment.services.correct_stock import correct_stock
from santong.fulfilment.services.hand_on import ask_others, leave_to_a_person, seek_others
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def decline(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    reason: contracts.DeclineReason,
    quantity_by_line: Mapping[int, int] | None = None,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Give work back, all of it or so many units by order line; what the picker saw corrects stock.

    The promises move to other places first, then the books of this one are corrected, so that no
    shortfall is reported that is none. What no other place can send goes to the exception queue.

    Raises NoSuch, StatePassed, NotWhatWasAsked. Emits FulfilmentDeclined, FulfilmentOffered,
    ExceptionOpened. Locks the work, then stock levels.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if row.state == "declined":
        return row.as_contract(lines=lines_of(row))
    if row.state not in DECLINABLE:
        raise StatePassed(fulfilment_order_id=row.id, state=row.state, wanted="declined")
    lines = lines_of(row)
    declined = _declined(lines, quantity_by_line)
    give_back(row=row, lines=lines, declined=declined, reason=reason, now=now)
    return row.as_contract(lines=lines_of(row))


def give_back(
    *,
    row: FulfilmentOrder,
    lines: Sequence[FulfilmentLine],
    declined: Mapping[int, int],
    reason: str,
    now: datetime,
) -> None:
    """Hand units on and write down what becomes of this work: shared with time-outs."""
    is_whole = all(declined.get(line.order_line_id, 0) == line.quantity for line in lines)
    sku_by_line = {line.order_line_id: line.sku_id for line in lines}
    found = seek_others(row=row, quantity_by_line=declined, cause=reason, now=now)
    if reason in EFFECT_BY_REASON:
        correct_stock(
            row=row,
            declined=declined,
            sku_by_line=sku_by_line,
            effect=EFFECT_BY_REASON[reason],  # type: ignore[index]  # it is one of its keys
            is_still_promised=found is None,
            reason=reason,
            now=now,
        )
    if is_whole:
        _close(row, reason=reason, found_place=found is not None, now=now)
    elif found:
        _shrink(lines, declined)
    outbox.publish(
        FulfilmentDeclined(
            order_id=row.order_id,
            fulfilment_order_id=row.id,
            location_id=row.location_id,
            reason=reason,
            quantity_by_line=dict(declined),
        ),
        now=now,
    )
    if found:
        ask_others(row=row, decision=found, now=now)
    else:
        leave_to_a_person(
            row=row, quantity_by_line=declined, sku_by_line=sku_by_line, cause=reason, now=now
        )


def _close(row: FulfilmentOrder, *, reason: str, found_place: bool, now: datetime) -> None:
    answer: contracts.OfferAnswer = "timed_out" if reason == "timed_out" else "declined"
    to: contracts.State = "exception"
    if found_place:
        to = "timed_out" if reason == "timed_out" else "declined"
    row.closed_at = now if found_place else None
    step(row, to=to, reason=reason, now=now, changed=["closed_at"])
    answer_offer(merchant_id=row.merchant_id, row_id=row.id, answer=answer, reason=reason, now=now)


def _shrink(lines: Sequence[FulfilmentLine], declined: Mapping[int, int]) -> None:
    """The rest of the work stays here."""
    for line in lines:
        units = declined.get(line.order_line_id, 0)
        if units == line.quantity:
            line.delete()
        elif units:
            line.quantity -= units
            line.save(update_fields=["quantity"])


def _declined(
    lines: Sequence[FulfilmentLine], quantity_by_line: Mapping[int, int] | None
) -> dict[int, int]:
    asked = {line.order_line_id: line.quantity for line in lines}
    if quantity_by_line is None:
        return asked
    wrong = tuple(
        sorted(
            line_id
            for line_id, quantity in quantity_by_line.items()
            if not 0 < quantity <= asked.get(line_id, 0)
        )
    )
    if wrong or not quantity_by_line:
        raise NotWhatWasAsked(order_line_ids=wrong)
    return dict(quantity_by_line)
