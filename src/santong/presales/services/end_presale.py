"""What ending a presale order writes: state, units, trail, facts. It is locked."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.presales import contracts
from santong.presales.events import DepositForfeited, PresaleCancelled, PresaleLapsed
from santong.presales.models import Presale
from santong.presales.rules.states import may_become
from santong.presales.services.take_units import give_units_back


def end_presale(
    row: Presale,
    *,
    state: contracts.PresaleState,
    kept_minor: int,
    reason: str,
    now: datetime,
) -> None:
    """End a locked presale order, and let others have its units.

    Emits PresaleLapsed, DepositForfeited, PresaleCancelled. Locks its offer.
    """
    before = row.state
    assert may_become(before=before, after=state), (before, state)  # type: ignore[arg-type]
    give_units_back(row=row)
    row.state, row.ended_at, row.end_reason = state, now, reason
    row.kept_minor = kept_minor
    row.save(update_fields=["state", "ended_at", "end_reason", "kept_minor"])
    audit.record(
        audit.Change(
            action=f"presales.{state}",
            subject="presale",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": state, "kept_minor": kept_minor},
        ),
        now=now,
    )
    outbox.publish(*_facts(row), now=now)


def _facts(row: Presale) -> list[object]:
    same = {
        "presale_id": row.id,
        "offer_id": row.offer_id,
        "order_id": row.order_id,
        "units": row.units,
    }
    if row.state == "lapsed":
        return [PresaleLapsed(**same)]
    if row.state == "forfeited":
        return [
            DepositForfeited(
                currency=row.currency,
                deposit_minor=row.deposit_minor,
                kept_minor=row.kept_minor,
                **same,
            )
        ]
    if row.state == "cancelled":
        return [PresaleCancelled(currency=row.currency, kept_minor=row.kept_minor, **same)]
    return []
