"""Open an offer to buyers, and end it."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.presales import contracts
from santong.presales.errors import InvalidOffer, OfferPassed
from santong.presales.events import OfferEnded
from santong.presales.models import Offer
from santong.presales.rules.windows import closes_at
from santong.presales.selectors.offers import offer_by_id
from santong.presales.services.draft_offer import published
from santong.presales.services.lock import lock_offer


@all_or_nothing
def publish_offer(*, merchant_id: int, offer_id: int, now: datetime) -> contracts.Offer:
    """Let buyers join from the deposit window's beginning on; published twice is published once.

    Raises NoSuch, OfferPassed, InvalidOffer. Emits OfferPublished. Locks the offer.
    """
    row = lock_offer(merchant_id=merchant_id, offer_id=offer_id)
    if row.state == "live":
        return offer_by_id(merchant_id=merchant_id, offer_id=offer_id)
    if row.state != "draft":
        raise OfferPassed(offer_id=str(offer_id), state=row.state)
    if row.deposit_until <= now:
        problem = contracts.Problem(pointer="/deposit_until", reason="over")
        raise InvalidOffer(errors=(problem,))
    row.state, row.published_at = "live", now
    row.save(update_fields=["state", "published_at"])
    _record(row, "presales.publish_offer", before="draft", reason=row.code, now=now)
    found = offer_by_id(merchant_id=merchant_id, offer_id=offer_id)
    outbox.publish(published(found), now=now)
    return found


@all_or_nothing
def end_offer(*, merchant_id: int, offer_id: int, reason: str, now: datetime) -> contracts.Offer:
    """Let nobody join any more; who has joined goes on. Ended twice is ended once.

    Raises NoSuch. Emits OfferEnded. Locks the offer.
    """
    row = lock_offer(merchant_id=merchant_id, offer_id=offer_id)
    if row.state != "ended":
        _end(row, reason, now)
    return offer_by_id(merchant_id=merchant_id, offer_id=offer_id)


@all_or_nothing
def end_offers(*, merchant_id: int, now: datetime, limit: int = 200) -> int:
    """End live offers whose balance window, and the grace after it, are over; how many.

    Emits OfferEnded. Locks the offers.
    """
    due = Offer.objects.of_merchant(merchant_id).filter(state="live", balance_until__lte=now)
    rows = [row for row in due.lock()[:limit] if closes_at(until=row.balance_until) <= now]
    for row in rows:
        _end(row, "its windows are over", now)
    return len(rows)


def _end(row: Offer, reason: str, now: datetime) -> None:
    before, row.state, row.ended_at = row.state, "ended", now
    row.save(update_fields=["state", "ended_at"])
    _record(row, "presales.end_offer", before=before, reason=reason, now=now)
    outbox.publish(OfferEnded(offer_id=row.id, code=row.code), now=now)


def _record(row: Offer, action: str, *, before: str, reason: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=action,
            subject="presale_offer",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state},
        ),
        now=now,
    )
