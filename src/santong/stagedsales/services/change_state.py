"""A sale or a stage takes a step: the row and the trail. They are locked."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.stagedsales.contracts import SaleState, StageState
from santong.stagedsales.models import Stage, StagedSale
from santong.stagedsales.rules.states import OVER


def change_state(sale: StagedSale, *, to: SaleState, reason: str, now: datetime) -> None:
    """Let a sale stand elsewhere; what it was and why goes into the trail."""
    before = sale.state
    if before == to:
        return
    sale.state = to
    sale.ended_at = now if to in OVER else None
    sale.save(update_fields=["state", "state_before", "ended_at", "why"])
    audit.record(
        audit.Change(
            action="stagedsales.change_state",
            subject="staged_sale",
            subject_id=sale.id,
            reason=reason,
            before={"state": before},
            after={"state": to},
        ),
        now=now,
    )


def change_stage(stage: Stage, *, to: StageState, reason: str, now: datetime) -> None:
    """Let a stage stand elsewhere; its row is saved whole."""
    before = stage.state
    stage.state = to
    stage.released_minor = stage.amount_minor if to == "released" else 0
    stage.save()
    if before == to:
        return
    audit.record(
        audit.Change(
            action="stagedsales.change_stage",
            subject="staged_sale",
            subject_id=stage.sale_id,
            reason=reason,
            before={"stage": stage.number, "state": before},
            after={"stage": stage.number, "state": to, "amount_minor": stage.amount_minor},
        ),
        now=now,
    )
