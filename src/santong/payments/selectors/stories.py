"""What happened around a payment: calls that were made, what providers told, disputes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from santong.payments.contracts import ABOUTS, Call, DisputeState, DisputeTold, Told
from santong.payments.models import Dispute as DisputeRow
from santong.payments.models import Notice, RefundPart, Tender, Work

MOST_TOLD = 200
DISPUTE_STATES: tuple[DisputeState, ...] = ("opened", "won", "lost")


def calls_of(*, merchant_id: int, tender_ids: Sequence[int], part_ids: Sequence[int]) -> list[Call]:
    """The calls about payments and about parts of refunds, made and to be made."""
    rows = Work.objects.of_merchant(merchant_id).filter(
        Q(about="payment", subject_id__in=list(tender_ids))
        | Q(about="refund", subject_id__in=list(part_ids))
    )
    return _calls(rows)


def calls_in_vain(*, merchant_id: int, attempts: int, limit: int) -> list[Call]:
    """Calls that have gone unanswered so many times in a row, and are still to be made."""
    rows = Work.objects.of_merchant(merchant_id).filter(
        due_at__isnull=False, attempts__gte=attempts
    )
    return _calls(rows)[:limit]


def intent_of_call(*, merchant_id: int, calls: Sequence[Call]) -> dict[int, int]:
    """By the id of each call about a payment or a refund: the intent that it is about."""
    tenders = {call.subject_id for call in calls if call.about == "payment"}
    parts = {call.subject_id for call in calls if call.about == "refund"}
    by_tender = dict(
        Tender.objects.of_merchant(merchant_id)
        .filter(id__in=tenders)
        .values_list("id", "intent_id")
    )
    by_part = dict(
        RefundPart.objects.of_merchant(merchant_id)
        .filter(id__in=parts)
        .values_list("id", "tender__intent_id")
    )
    found = {"payment": by_tender, "refund": by_part}
    return {
        call.id: found[call.about][call.subject_id]
        for call in calls
        if call.subject_id in found.get(call.about, {})
    }


def told_of(*, merchant_id: int, references: Sequence[str]) -> list[Told]:
    """What providers have told of payments and refunds, oldest first."""
    rows = (
        Notice.objects.of_merchant(merchant_id)
        .filter(reference__in=list(references))
        .select_related("account")
        .order_by("id")
    )
    seen: set[tuple[str, str]] = set()
    found: list[Told] = []
    for row in rows[:MOST_TOLD]:
        what = (row.about, row.reference)
        found.append(
            Told(
                number=row.number,
                about=row.about,
                reference=row.reference,
                account_code=row.account.code,
                taken_at=row.taken_at,
                is_again=what in seen,
            )
        )
        seen.add(what)
    return found


def disputes_of_intent(*, merchant_id: int, intent_id: int) -> list[DisputeTold]:
    """What buyers have fought about of an intent, oldest first."""
    rows = DisputeRow.objects.of_merchant(merchant_id).filter(tender__intent_id=intent_id)
    return _disputes(rows)


def open_disputes(*, merchant_id: int, limit: int) -> list[DisputeTold]:
    """What is being fought about, oldest first."""
    rows = DisputeRow.objects.of_merchant(merchant_id).filter(state="opened")
    return _disputes(rows)[:limit]


def _calls(rows: QuerySet[Work]) -> list[Call]:
    return [
        Call(
            id=row.id,
            about=ABOUTS[ABOUTS.index(row.about)],
            subject_id=row.subject_id,
            account_code=row.account.code,
            step=row.step,
            due_at=row.due_at,
            attempts=row.attempts,
            code=row.code,
        )
        for row in rows.select_related("account").order_by("id")
    ]


def _disputes(rows: QuerySet[DisputeRow]) -> list[DisputeTold]:
    return [
        DisputeTold(
            id=row.id,
            tender_id=row.tender_id,
            intent_id=row.tender.intent_id,
            document=row.tender.intent.document,
            account_code=row.tender.account.code,
            their_reference=row.their_reference,
            currency=row.tender.intent.currency,
            amount_minor=row.amount_minor,
            state=DISPUTE_STATES[DISPUTE_STATES.index(row.state)],
            why=row.why,
            opened_at=row.opened_at,
            ended_at=row.ended_at,
        )
        for row in rows.select_related("tender__intent", "tender__account").order_by("id")
    ]
