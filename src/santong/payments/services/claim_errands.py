"""Whoever calls providers claims what is due, for a time: nobody else makes the call meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.payments.contracts import (
    ABOUTS,
    SHOWN_WAYS,
    WAYS,
    WORK_STEPS,
    Ask,
    Errand,
    RefundAsk,
    TransferAsk,
)
from santong.payments.models import RefundPart, Tender, Transfer
from santong.payments.selectors.statements import run
from santong.payments.services.open_intent import token_place
from santong.payments.services.queue_transfers import receiver_place

_CLAIM: Final = Statement("""
WITH due AS MATERIALIZED (
  SELECT w.id FROM payments_work w
  WHERE w.merchant_id = %(merchant)s AND w.due_at <= %(now)s::timestamptz
    AND (w.claimed_until IS NULL OR w.claimed_until <= %(now)s::timestamptz)
    AND (%(only)s::bigint IS NULL OR (w.about = 'payment' AND w.subject_id = %(only)s::bigint))
  ORDER BY w.due_at, w.id
  LIMIT %(most)s::int
  FOR NO KEY UPDATE OF w SKIP LOCKED
)
UPDATE payments_work w
SET claim = w.claim + 1, claimed_until = %(until)s::timestamptz
FROM due, payments_paymentaccount a
WHERE w.id = due.id AND a.id = w.account_id
RETURNING w.id, w.claim, w.attempts, w.about, w.step, w.subject_id, a.code, a.provider
""")

Row = tuple[int, int, int, str, str, int, str, str]


@all_or_nothing
def claim_errands(
    *,
    merchant_id: int,
    most: int,
    until: datetime,
    now: datetime,
    tender_id: int | None = None,
) -> list[Errand]:
    """Claim calls that are due, the longest waiting first (or the one for a tender).

    A claim that is not settled until `until` is somebody else's. Locks the work.
    """
    rows: list[Row] = run(
        _CLAIM,
        {"merchant": merchant_id, "most": most, "until": until, "now": now, "only": tender_id},
    )
    payments = _payments(merchant_id, _ids(rows, "payment"))
    parts = _parts(merchant_id, _ids(rows, "refund"))
    transfers = _transfers(merchant_id, _ids(rows, "transfer"))
    found = {"payment": payments, "refund": parts, "transfer": transfers}
    return [
        Errand(
            work_id=work_id,
            claim=claim,
            attempts=attempts,
            about=ABOUTS[ABOUTS.index(about)],
            step=WORK_STEPS[WORK_STEPS.index(step)],
            account_code=code,
            provider=provider,
            **found[about][subject_id],
        )
        for work_id, claim, attempts, about, step, subject_id, code, provider in sorted(rows)
    ]


def _ids(rows: Iterable[Row], about: str) -> list[int]:
    return [row[5] for row in rows if row[3] == about]


def _payments(merchant_id: int, ids: list[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = Tender.objects.of_merchant(merchant_id).filter(id__in=ids).select_related("intent")
    return {
        row.id: {
            "reference": row.reference,
            "payment_reference": row.reference,
            "amount_minor": row.authorised_minor or row.amount_minor,
            "expires_at": row.intent.expires_at,
            "is_shown": bool(row.payload) or row.way not in SHOWN_WAYS,
            "ask": Ask(
                reference=row.reference,
                amount_minor=row.amount_minor,
                subject=row.intent.subject,
                way=WAYS[WAYS.index(row.way)],
                expires_at=row.intent.expires_at,
                authorise_only=row.intent.authorise_only,
                token=_open(merchant_id, row.token_sealed, token_place(row.reference)),
                return_url=row.intent.return_url,
            ),
        }
        for row in rows
    }


def _parts(merchant_id: int, ids: list[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = RefundPart.objects.of_merchant(merchant_id).filter(id__in=ids)
    return {
        row.id: {
            "reference": row.reference,
            "payment_reference": row.tender.reference,
            "amount_minor": row.amount_minor,
            "expires_at": row.refund.asked_at,
            "refund": RefundAsk(
                reference=row.reference,
                payment_reference=row.tender.reference,
                their_payment_reference=row.tender.their_reference,
                amount_minor=row.amount_minor,
                paid_minor=row.tender.captured_minor,
                reason=row.refund.reason,
            ),
        }
        for row in rows.select_related("refund", "tender")
    }


def _transfers(merchant_id: int, ids: list[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = Transfer.objects.of_merchant(merchant_id).filter(id__in=ids)
    return {
        row.id: {
            "reference": row.reference,
            "payment_reference": row.tender.reference if row.tender else "",
            "amount_minor": row.amount_minor,
            "expires_at": row.queued_at,
            "transfer": TransferAsk(
                reference=row.reference,
                receiver=_open(merchant_id, row.receiver_sealed, receiver_place(row.reference)),
                amount_minor=row.amount_minor,
                reason=row.reason,
                payment_reference=row.tender.reference if row.tender else "",
                their_payment_reference=row.tender.their_reference if row.tender else "",
                is_last_share=row.is_last_share,
            ),
        }
        for row in rows.select_related("tender")
    }


def _open(merchant_id: int, sealed: bytes | memoryview[int] | None, place: str) -> str:
    if sealed is None:
        return ""
    return crypto.decrypt(merchant_id=merchant_id, sealed=bytes(sealed), place=place).decode()
