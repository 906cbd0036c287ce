"""Bring a locked sale to what its money and its work say: the one place where stages become paid.

What came in is read from payments, not added up from facts: told twice, late or in any order, it
has its effect once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from santong.kernel import outbox
from santong.payments import public as payments
from santong.stagedsales.contracts import DEPOSIT, document_of
from santong.stagedsales.events import (
    DepositPaid,
    SaleClosed,
    StageDue,
    StagePaid,
    StageRefunded,
)
from santong.stagedsales.models import SaleDocument, Stage
from santong.stagedsales.rules.states import (
    GONE,
    UNDER_CONTRACT,
    Progress,
    progress_of,
    stage_state,
)
from santong.stagedsales.selectors.money import CameIn, came_in
from santong.stagedsales.services.change_state import change_stage, change_state
from santong.stagedsales.services.issue_code import issue_code
from santong.stagedsales.services.lock import Held
from santong.stagedsales.services.share import release_shares, share_stage

OVERPAID: Final = "nobody owed it"
NOT_OPEN: Final = "so much is not open any more"


def settle(held: Held, *, now: datetime, numbers: Iterable[int] | None = None) -> None:
    """See to the money of some documents (or of all), then to the stages and the sale.

    What came in beyond what is to stay goes back. Emits StageRefunded, DepositPaid, CodeIssued,
    StagePaid, SaleClosed. Locks the documents' intents, accounts, shared sales.
    """
    for number in sorted(held.money if numbers is None else numbers):
        _see_money(held, held.money[number], now)
    follow(held, now=now)


def follow(held: Held, *, now: datetime) -> None:
    """Let stages and the sale stand where what is known of money and work puts them."""
    _follow_deposit(held, now)
    for stage in held.stages:
        if stage.state in GONE:
            _follow_what_was_kept(held, stage)
        else:
            _follow_stage(held, stage, now)
    _follow_sale(held, now)


def _see_money(held: Held, row: SaleDocument, now: datetime) -> None:
    document = document_of(held.sale.id, row.number)
    found = came_in(merchant_id=held.merchant_id, sale_id=held.sale.id, document=document)
    over = found.received_minor - found.returning_minor + found.given_minor - row.keep_minor
    over = min(over, found.received_minor - found.returning_minor)
    if over > 0:
        payments.refund_up_to(
            merchant_id=held.merchant_id,
            document=document,
            due_minor=found.over_minor + over,
            currency=held.sale.currency,
            reason=OVERPAID,
            now=now,
        )
        found = came_in(merchant_id=held.merchant_id, sale_id=held.sale.id, document=document)
    write_money(held, row, found, now=now)
    _ask_for_no_more(held, row, now)


def _ask_for_no_more(held: Held, row: SaleDocument, now: datetime) -> None:
    """What came in otherwise is asked for no longer: who is asked is asked for what is open."""
    open_minor = row.as_contract().open_minor
    document = document_of(held.sale.id, row.number)
    for intent in payments.intents_of(merchant_id=held.merchant_id, document=document):
        if intent.state == "open" and intent.amount_minor - intent.received_minor > open_minor:
            payments.cancel_intent(
                merchant_id=held.merchant_id, intent_id=intent.id, reason=NOT_OPEN, now=now
            )


def write_money(held: Held, row: SaleDocument, found: CameIn, *, now: datetime) -> None:
    """Note how a document's money stands; what has gone back since is told."""
    more = found.returned_minor - row.returned_minor
    row.received_minor = found.received_minor
    row.returning_minor = found.returning_minor
    row.returned_minor = found.returned_minor
    row.given_minor = found.given_minor
    row.save(
        update_fields=[
            "keep_minor",
            "received_minor",
            "returning_minor",
            "returned_minor",
            "given_minor",
        ]
    )
    if more > 0:
        outbox.publish(
            StageRefunded(
                sale_id=held.sale.id,
                document=document_of(held.sale.id, row.number),
                currency=held.sale.currency,
                amount_minor=more,
                refunded_at=now,
            ),
            now=now,
        )


def _follow_deposit(held: Held, now: datetime) -> None:
    sale = held.sale
    net = held.money[DEPOSIT].as_contract().net_minor
    if sale.state != "reserved" or net < sale.deposit_minor:
        return
    change_state(sale, to="deposit_paid", reason="the deposit has come in", now=now)
    outbox.publish(
        DepositPaid(
            sale_id=sale.id,
            plan_code=sale.plan.code,
            location_id=sale.location_id,
            member_id=sale.member_id,
            currency=sale.currency,
            amount_minor=sale.deposit_minor,
            paid_at=now,
        ),
        now=now,
    )
    issue_code(held, now=now)


def _follow_what_was_kept(held: Held, stage: Stage) -> None:
    """What was kept of a stage that is over may be lost in a dispute all the same."""
    paid_minor = min(held.money[stage.document_number].as_contract().net_minor, stage.amount_minor)
    if paid_minor != stage.paid_minor:
        stage.paid_minor = paid_minor
        stage.save(update_fields=["paid_minor"])


def _follow_stage(held: Held, stage: Stage, now: datetime) -> None:
    """Money first: what was paid and is not any more was taken back, and is owed again."""
    before = stage.state
    money = held.money[stage.document_number].as_contract()
    stage.paid_minor = min(money.net_minor, stage.amount_minor)
    is_paid = stage.paid_minor >= stage.amount_minor
    if is_paid and not stage.waits_for_acceptance and stage.accepted_at is None:
        stage.accepted_at, stage.accepted_by = now, "payment"
    if before in {"paid", "released"} and not is_paid:
        stage.paid_at, stage.due_at = None, stage.due_at or now
    is_due = stage.due_at is not None and stage.due_at <= now
    to = stage_state(
        amount_minor=stage.amount_minor,
        paid_minor=stage.paid_minor,
        is_accepted=stage.accepted_at is not None,
        is_due=is_due,
    )
    if is_paid and stage.paid_at is None:
        stage.paid_at = now
    change_stage(stage, to=to, reason=_why(before, to), now=now)
    if to == "due" and before != "due":
        outbox.publish(_due(held, stage, money.open_minor), now=now)
    if is_paid and before not in {"paid", "released"}:
        outbox.publish(_paid(held, stage, now), now=now)
        share_stage(held, stage, now=now)
    if to == "released" and before != "released":
        release_shares(held, stage, now=now)


def _why(before: str, to: str) -> str:
    words = {
        "planned": "nothing is due yet",
        "due": "it is due" if before == "planned" else "its money was taken back",
        "paid": "all of it has come in",
        "released": "it is paid and accepted",
    }
    return words[to]


def _follow_sale(held: Held, now: datetime) -> None:
    sale = held.sale
    if sale.state in {"expired", "cancelled"}:
        money = [row.as_contract() for row in held.money.values()]
        has_come = any(each.received_minor for each in money)
        if has_come and all(each.returned_minor == each.received_minor for each in money):
            change_state(sale, to="refunded", reason="all of it has gone back", now=now)
        return
    if held.contract is None or sale.state not in {*UNDER_CONTRACT, "closed"}:
        return
    to = progress_of(
        [
            Progress(
                state=each.state,  # type: ignore[arg-type]  # one of the words of the type
                is_accepted=each.accepted_at is not None,
                is_done=each.done_at is not None,
            )
            for each in held.stages
        ]
    )
    before = sale.state
    change_state(sale, to=to, reason="by its stages", now=now)
    if to == "closed" and before != "closed":
        outbox.publish(
            SaleClosed(
                sale_id=sale.id,
                currency=sale.currency,
                amount_minor=held.contract.amount_minor,
                closed_at=now,
            ),
            now=now,
        )


def _due(held: Held, stage: Stage, open_minor: int) -> StageDue:
    assert stage.due_at is not None, "what is due says since when"
    return StageDue(
        sale_id=held.sale.id,
        number=stage.number,
        document=document_of(held.sale.id, stage.document_number),
        currency=held.sale.currency,
        open_minor=open_minor,
        due_at=stage.due_at,
    )


def _paid(held: Held, stage: Stage, now: datetime) -> StagePaid:
    return StagePaid(
        sale_id=held.sale.id,
        number=stage.number,
        document=document_of(held.sale.id, stage.document_number),
        currency=held.sale.currency,
        amount_minor=stage.amount_minor,
        paid_at=now,
    )
