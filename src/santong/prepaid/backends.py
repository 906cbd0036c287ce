"""Prepaid cards and gift cards as tenders: what payments calls in its own transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.kernel.errors import Conflict, Invalid, NoSuch
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import CardRefused, OtherKind, TooManyTries
from santong.prepaid.selectors.cards import card_by_id, use_by_reference
from santong.prepaid.services.capture_use import capture_use
from santong.prepaid.services.keep import keep
from santong.prepaid.services.refund_use import refund_use
from santong.prepaid.services.release_use import release_use
from santong.prepaid.services.spend_pay_code import spend_pay_code
from santong.prepaid.services.try_token import try_token

_STATES: dict[contracts.UseState, payments.SeenStoredState] = {
    "held": "authorised",
    "captured": "captured",
    "released": "voided",
}


class PrepaidBackend:
    """Registered and bearer cards with principal and bonus."""

    method = "prepaid"
    kind = "prepaid"

    def authorise(
        self, *, merchant_id: int, ask: payments.StoredAsk, now: datetime
    ) -> payments.SeenStored:
        """Keep the whole amount for this reference, or say why not."""
        try:
            before = use_by_reference(merchant_id=merchant_id, reference=ask.reference)
        except NoSuch:
            pass
        else:
            return _seen(merchant_id, before)
        tried = try_token(merchant_id=merchant_id, token=ask.token, now=now)
        if tried.card_id is None:
            why = CardRefused.code if tried.wait is None else TooManyTries.code
            return payments.SeenStored(state="failed", why=why)
        try:
            with transaction.atomic():
                card = card_by_id(merchant_id=merchant_id, card_id=tried.card_id)
                if card.kind != self.kind:
                    raise OtherKind(kind=card.kind)
                kept = keep(
                    merchant_id=merchant_id,
                    card_id=card.id,
                    reference=ask.reference,
                    document=ask.document,
                    amount_minor=ask.amount_minor,
                    currency=ask.currency,
                    expires_at=ask.expires_at,
                    now=now,
                )
                spend_pay_code(
                    merchant_id=merchant_id, token=ask.token, reference=ask.reference, now=now
                )
        except (Conflict, Invalid) as refused:
            return payments.SeenStored(state="failed", why=refused.code)
        return _seen(merchant_id, kept)

    def capture(
        self, *, merchant_id: int, reference: str, amount_minor: int, now: datetime
    ) -> payments.SeenStored:
        """Take what is kept, or a part of it."""
        use = capture_use(
            merchant_id=merchant_id, reference=reference, amount_minor=amount_minor, now=now
        )
        return _seen(merchant_id, use)

    def void(
        self, *, merchant_id: int, reference: str, reason: str, now: datetime
    ) -> payments.SeenStored:
        """Let go of what is kept."""
        use = release_use(merchant_id=merchant_id, reference=reference, reason=reason, now=now)
        return _seen(merchant_id, use)

    def refund(
        self,
        *,
        merchant_id: int,
        reference: str,
        refund_reference: str,
        amount_minor: int,
        reason: str,
        now: datetime,
    ) -> payments.Taken:
        """Put so much back on the card."""
        parts = refund_use(
            merchant_id=merchant_id,
            reference=reference,
            refund_reference=refund_reference,
            amount_minor=amount_minor,
            reason=reason,
            now=now,
        )
        return payments.Taken(principal_minor=parts.principal_minor, bonus_minor=parts.bonus_minor)


class GiftCardBackend(PrepaidBackend):
    """Gift cards."""

    method = "gift_card"
    kind = "gift"


def _seen(merchant_id: int, use: contracts.Use) -> payments.SeenStored:
    card = card_by_id(merchant_id=merchant_id, card_id=use.card_id)
    is_taken = use.state != "released"
    return payments.SeenStored(
        state=_STATES[use.state],
        their_reference=contracts.owner_of(use.card_id),
        programme=card.programme_code,
        taken=payments.Taken(
            principal_minor=use.principal_minor if is_taken else 0,
            bonus_minor=use.bonus_minor if is_taken else 0,
        ),
    )
