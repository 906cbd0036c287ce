"""The store proposes another total and other unpaid stages; the buyer decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import DraftStage, SaleChange
from santong.stagedsales.errors import SalePassed
from santong.stagedsales.events import ChangeProposed
from santong.stagedsales.models import ChangeOrder, Stage
from santong.stagedsales.rules.changes import Replanned, replan
from santong.stagedsales.rules.states import UNDER_CONTRACT
from santong.stagedsales.rules.terms import clean_reason, content_hash, stage_to_json
from santong.stagedsales.selectors.sales import change_of
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.settle import settle
from santong.stagedsales.services.signature import signature


@all_or_nothing
def propose_change(
    *,
    merchant_id: int,
    sale_id: int,
    amount_minor: int,
    drafts: Sequence[DraftStage],
    reason: str,
    now: datetime,
) -> SaleChange:
    """Write a change order that waits for its buyer; one that waited before is withdrawn.

    Drafts replace all unpaid stages. What would go back is said here, and done when the buyer
    agrees.

    Raises NoSuch, SalePassed, BelowAccepted, FieldInvalid. Emits ChangeProposed. Locks the sale.
    """
    reason = clean_reason(reason)
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    settle(held, now=now)
    if held.sale.state not in UNDER_CONTRACT or held.contract is None:
        raise SalePassed(state=held.sale.state)
    found = replan(held.standings(), total_minor=amount_minor, drafts=drafts)
    rows = ChangeOrder.objects.of_merchant(merchant_id).filter(sale=held.sale)
    rows.filter(state="proposed").update(state="withdrawn", decided_at=now)
    newest = rows.aggregate(newest=Max("version"))["newest"] or 1
    numbered = with_numbers(held, drafts)
    row = ChangeOrder.objects.create(
        merchant_id=merchant_id,
        sale=held.sale,
        version=newest + 1,
        state="proposed",
        amount_minor=amount_minor,
        before_minor=held.contract.amount_minor,
        refund_minor=found.refund_minor,
        before=[_snapshot(each, each.amount_minor) for each in held.stages if each.amount_minor],
        stages=_after(held, numbered, found),
        drafts=[[draft.number, stage_to_json(draft.terms)] for draft in numbered],
        basis_hash=basis_of(held),
        reason=reason,
        proposed_by=signature(),
        proposed_at=now,
    )
    audit.record(_proposed(row), now=now)
    outbox.publish(_told(held, row), now=now)
    return change_of(row)


def with_numbers(held: Held, drafts: Sequence[DraftStage]) -> list[DraftStage]:
    """New stages get the numbers that follow; none is ever used twice."""
    following = max((each.number for each in held.stages), default=0)
    found: list[DraftStage] = []
    for draft in drafts:
        if not draft.number:
            following += 1
        found.append(DraftStage(number=draft.number or following, terms=draft.terms))
    return found


def basis_of(held: Held) -> str:
    """What a change was proposed for: if it differs, the buyer agrees to something else."""
    return content_hash(
        stages=[
            [each.number, each.amount_minor, each.paid_minor, each.is_paid, each.is_released]
            for each in held.standings()
        ]
    )


def _after(held: Held, drafts: Sequence[DraftStage], found: Replanned) -> list[list[Any]]:
    drafted = dict(
        zip(
            (draft.number for draft in drafts),
            zip(drafts, found.draft_amounts, strict=True),
            strict=True,
        )
    )
    kept = [
        _snapshot(each, found.amount_by_number[each.number])
        for each in held.stages
        if each.number not in drafted and found.amount_by_number.get(each.number)
    ]
    new = [
        [number, stage_to_json(draft.terms), amount] for number, (draft, amount) in drafted.items()
    ]
    return sorted([*kept, *new], key=lambda each: int(each[0]))


def _snapshot(stage: Stage, amount_minor: int) -> list[Any]:
    return [stage.number, stage_to_json(stage.as_terms()), amount_minor]


def _proposed(row: ChangeOrder) -> audit.Change:
    return audit.Change(
        action="stagedsales.propose_change",
        subject="staged_sale",
        subject_id=row.sale_id,
        reason=row.reason,
        before={"amount_minor": row.before_minor},
        after={"version": row.version, "amount_minor": row.amount_minor},
    )


def _told(held: Held, row: ChangeOrder) -> ChangeProposed:
    return ChangeProposed(
        sale_id=held.sale.id,
        version=row.version,
        currency=held.sale.currency,
        before_minor=row.before_minor,
        amount_minor=row.amount_minor,
        refund_minor=row.refund_minor,
    )
