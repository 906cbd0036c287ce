"""Tenders for which nobody has to be asked: stored value, and what a channel has collected."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from santong.kernel.errors import FieldInvalid
from santong.payments.contracts import NewIntent, NewTender, Seen, StoredAsk, TenderBackend
from santong.payments.services.see_payment import see_payment

# Money that is in the hands of a channel that has told us so.
_IN_HAND = frozenset({"external"})


def here() -> frozenset[str]:
    """Providers whose answer is known at once."""
    return _IN_HAND | frozenset(settings.SANTONG_TENDER_BACKENDS)


def backend_named(provider: str) -> TenderBackend | None:
    """Stored value by the name of its provider; None where it is none."""
    path = settings.SANTONG_TENDER_BACKENDS.get(provider)
    backend: TenderBackend | None = import_string(path)() if path else None
    return backend


def settle_here(
    *,
    merchant_id: int,
    reference: str,
    new: NewTender,
    provider: str,
    intent: NewIntent,
    seen: Seen | None,
    now: datetime,
) -> None:
    """Settle a part of an intent whose answer is known. Its row has been written.

    Raises FieldInvalid, what a backend refuses. Emits MoneyReceived.
    """
    backend = backend_named(provider)
    if seen is None and backend is not None:
        _take_stored(
            backend,
            merchant_id=merchant_id,
            reference=reference,
            new=new,
            intent=intent,
            now=now,
        )
        return
    if seen is None and provider not in _IN_HAND:
        raise FieldInvalid(pointer="/tenders", reason="its answer is not known")
    see_payment(
        merchant_id=merchant_id,
        reference=reference,
        seen=seen or Seen(state="paid", amount_minor=new.amount_minor, at=now),
        now=now,
    )


def _take_stored(
    backend: TenderBackend,
    *,
    merchant_id: int,
    reference: str,
    new: NewTender,
    intent: NewIntent,
    now: datetime,
) -> None:
    kept = backend.authorise(
        merchant_id=merchant_id,
        ask=StoredAsk(
            reference=reference,
            token=new.token,
            amount_minor=new.amount_minor,
            currency=intent.currency,
            document=intent.document,
            expires_at=intent.expires_at,
        ),
        now=now,
    )
    if kept.state == "failed":
        seen = Seen(state="failed", why=kept.why)
        see_payment(merchant_id=merchant_id, reference=reference, seen=seen, now=now)
        return
    seen = Seen(
        state="authorised",
        their_reference=kept.their_reference,
        amount_minor=new.amount_minor,
        at=now,
    )
    see_payment(
        merchant_id=merchant_id,
        reference=reference,
        seen=seen,
        programme=kept.programme,
        now=now,
    )
    if not intent.authorise_only:
        capture_stored(
            backend,
            merchant_id=merchant_id,
            reference=reference,
            amount_minor=new.amount_minor,
            now=now,
        )


def capture_stored(
    backend: TenderBackend,
    *,
    merchant_id: int,
    reference: str,
    amount_minor: int,
    now: datetime,
) -> None:
    """Take what a card keeps for a payment. What it keeps no more is voided."""
    got = backend.capture(
        merchant_id=merchant_id, reference=reference, amount_minor=amount_minor, now=now
    )
    if got.state != "captured":
        see_payment(
            merchant_id=merchant_id,
            reference=reference,
            seen=Seen(state="closed", why=got.why),
            now=now,
        )
        return
    see_payment(
        merchant_id=merchant_id,
        reference=reference,
        seen=Seen(
            state="paid",
            their_reference=got.their_reference,
            amount_minor=got.taken.amount_minor,
            at=now,
        ),
        taken=got.taken,
        programme=got.programme,
        now=now,
    )
