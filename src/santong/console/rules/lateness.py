"""What is out of the ordinary about a payment, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from santong.payments import public as payments

Saying = Literal["late", "late_and_short", "twice", "again", "over"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence by its name, and the amount in it."""

    saying: Saying
    amount_minor: int


def remarks(intent: payments.Intent, *, of_document: Sequence[payments.Intent]) -> list[Remark]:
    """Money that came when nobody waited for it any more, or more than once.

    `late`: after the intent was given up. `twice`: two intents of the document were paid.
    `again`: another intent was opened after this one. `over`: more came in than was asked for.
    """
    found: list[Remark] = []
    is_given_up = intent.state in ("cancelled", "expired")
    late = sum(tender.captured_minor for tender in intent.tenders if tender.is_late or is_given_up)
    if late and intent.received_minor < intent.amount_minor:
        found.append(Remark("late_and_short", late))
    elif late:
        found.append(Remark("late", late))
    received = [each for each in of_document if each.received_minor]
    if len(received) > 1 and intent.received_minor:
        found.append(Remark("twice", sum(each.received_minor for each in received)))
    if any(each.id > intent.id for each in of_document) and not intent.received_minor:
        found.append(Remark("again", 0))
    if intent.received_minor > intent.amount_minor:
        found.append(Remark("over", intent.received_minor - intent.amount_minor))
    return found
