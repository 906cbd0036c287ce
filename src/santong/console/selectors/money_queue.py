"""What about money waits for a person, gathered from payments and reconciliation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.kernel.http.pages import LARGEST_ID
from santong.payments import public as payments
from santong.reconciliation import public as reconciliation

# A provider that has not answered so often in a row has more than a bad minute.
ATTEMPTS_IN_VAIN: Final = 6


@dataclass(frozen=True, slots=True)
class Case:
    """A refund or a part of one, and an intent of its document."""

    intent_id: int
    refund: payments.Refund
    parts: Sequence[payments.RefundPart]
    tenders: Sequence[payments.Tender]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyQueue:
    """Every kind of thing that waits."""

    failed: Sequence[Case]
    outside: Sequence[Case]
    disputes: Sequence[payments.DisputeTold]
    calls: Sequence[tuple[payments.Call, int | None]]
    over: Sequence[payments.Intent]
    silent: Sequence[payments.Intent]
    unknown: Sequence[reconciliation.Difference]

    @property
    def documents(self) -> set[str]:
        """What all of it is about."""
        return {
            *(case.refund.document for case in (*self.failed, *self.outside)),
            *(dispute.document for dispute in self.disputes),
            *(intent.document for intent in (*self.over, *self.silent)),
            *(each.document for each in self.unknown if each.document),
        }

    @property
    def signatures(self) -> set[str]:
        """Who asked for refunds, and who looks into what is unknown."""
        return {
            *(case.refund.actor for case in (*self.failed, *self.outside)),
            *(each.owner for each in self.unknown if each.owner),
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not any(
            (
                *(self.failed, self.outside, self.disputes, self.calls),
                *(self.over, self.silent, self.unknown),
            )
        )


def money_queue(*, merchant_id: int, limit: int, sees_statements: bool) -> MoneyQueue:
    """At most so many of each kind, the oldest first, in a fixed number of questions."""
    failed = payments.refunds_that_failed(merchant_id=merchant_id, limit=limit)
    outside = payments.refunds_outside(merchant_id=merchant_id, limit=limit)
    known = payments.find_intents(
        merchant_id=merchant_id,
        below_id=LARGEST_ID,
        limit=4 * limit,
        documents=tuple(sorted({refund.document for refund in (*failed, *outside)})),
    )
    by_document: dict[str, list[payments.Intent]] = {}
    for intent in known:
        by_document.setdefault(intent.document, []).append(intent)
    calls = payments.calls_in_vain(merchant_id=merchant_id, attempts=ATTEMPTS_IN_VAIN, limit=limit)
    intent_of = payments.intent_of_call(merchant_id=merchant_id, calls=calls)
    return MoneyQueue(
        failed=_cases(failed, by_document, state="failed"),
        outside=_cases(outside, by_document, state="sent"),
        disputes=payments.open_disputes(merchant_id=merchant_id, limit=limit),
        calls=[(call, intent_of.get(call.id)) for call in calls],
        over=payments.intents_with_money_over(merchant_id=merchant_id, limit=limit),
        silent=payments.intents_without_answer(merchant_id=merchant_id, limit=limit),
        unknown=(
            reconciliation.differences_page(
                merchant_id=merchant_id,
                before_id=LARGEST_ID,
                limit=limit,
                category="missing_in_books",
                state="open",
            )
            if sees_statements
            else []
        ),
    )


def _cases(
    refunds: Sequence[payments.Refund],
    by_document: dict[str, list[payments.Intent]],
    *,
    state: str,
) -> list[Case]:
    found = []
    for refund in refunds:
        intents = by_document.get(refund.document, [])
        tenders = [tender for intent in intents for tender in intent.tenders]
        parts = [part for part in refund.parts if part.state == state]
        intent_id = next(
            (each.intent_id for each in tenders if parts and each.id == parts[0].tender_id),
            intents[0].id if intents else 0,
        )
        found.append(
            Case(
                intent_id,
                refund,
                parts,
                [each for each in tenders if each.refundable_minor],
            )
        )
    return found
