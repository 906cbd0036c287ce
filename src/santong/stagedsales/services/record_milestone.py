"""The store says that the work of a stage is done."""

from __future__ import annotations

from datetime import datetime

from santong.evidence import public as evidence
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import LONGEST_NOTE, subject_of
from santong.stagedsales.errors import SalePassed, StagePassed
from santong.stagedsales.models import Stage
from santong.stagedsales.rules.deadlines import silent_at
from santong.stagedsales.rules.states import GONE, UNDER_CONTRACT
from santong.stagedsales.rules.terms import check_text
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.settle import settle


@all_or_nothing
def record_milestone(
    *, merchant_id: int, sale_id: int, number: int, photo_ids: list[int], note: str, now: datetime
) -> None:
    """Note that a stage's work is done, with at least one photo; once. Its buyer accepts it next.

    A stage that is due on its milestone is due. Silence counts from here.

    Raises NoSuch, SalePassed, StagePassed, FieldInvalid. Emits StageDue. Locks the sale.
    """
    check_text(note.strip(), pointer="/note", most=LONGEST_NOTE)
    check_prose(note, pointer="/note")
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if held.sale.state not in UNDER_CONTRACT:
        raise SalePassed(state=held.sale.state)
    stage = held.stage(number)
    if stage.state in GONE or stage.accepted_at is not None:
        raise StagePassed(number=number, state=stage.state)
    if stage.done_at is not None:
        return
    _check_photos(held, photo_ids)
    mark_done(stage, now=now)
    audit.record(
        audit.Change(
            action="stagedsales.record_milestone",
            subject="staged_sale",
            subject_id=sale_id,
            reason=note.strip() or stage.name,
            after={"stage": number, "photos": sorted(photo_ids)},
        ),
        now=now,
    )
    settle(held, numbers=[stage.document_number], now=now)


def mark_done(stage: Stage, *, now: datetime) -> None:
    """Work of a stage of a locked sale is done; the caller settles, which saves it."""
    stage.done_at = now
    if stage.waits_for_acceptance:
        stage.silent_at = silent_at(done_at=now, silence_days=stage.silence_days)
    if stage.due == "milestone" and stage.due_at is None:
        stage.due_at = now


def _check_photos(held: Held, photo_ids: list[int]) -> None:
    rows = evidence.of_subject(merchant_id=held.merchant_id, subject=subject_of(held.sale.id))
    kept = {each.id for each in rows if each.erased_at is None}
    if not photo_ids or set(photo_ids) - kept:
        raise FieldInvalid(pointer="/photo_ids", reason="at least one photo of this sale")
