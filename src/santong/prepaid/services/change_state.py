"""A card goes from one state to another: the row, the trail, the fact."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.prepaid.contracts import CardState
from santong.prepaid.errors import CardUnusable
from santong.prepaid.events import CardStateChanged
from santong.prepaid.models import Card


def change_state(
    card: Card, *, to: CardState, among: tuple[CardState, ...], reason: str, now: datetime
) -> None:
    """Change the state of a locked card, if it is one of those that may become this.

    Raises CardUnusable. Emits CardStateChanged.
    """
    if card.state not in among:
        raise CardUnusable(state=card.state)
    before, card.state, card.why = card.state, to, reason
    card.save(update_fields=["state", "why"])
    audit.record(
        audit.Change(
            action=f"prepaid.card_{to}",
            subject="prepaid_card",
            subject_id=card.id,
            reason=reason,
            before={"state": before},
            after={"state": to},
        ),
        now=now,
    )
    outbox.publish(
        CardStateChanged(
            card_id=card.id, programme_id=card.programme_id, from_state=before, to_state=to
        ),
        now=now,
    )
