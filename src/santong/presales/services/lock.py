"""What is taken first, and in which order: a key, a presale order, its offer, then the order."""

from __future__ import annotations

from django.db import connection

from santong.kernel.errors import NoSuch
from santong.kernel.models import MerchantQuerySet
from santong.presales.models import Offer, Presale


def lock_key(*, merchant_id: int, key: str) -> None:
    """Wait until nobody else joins by the same key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"presales/{merchant_id}/{key}"],
        )


def lock_offer(*, merchant_id: int, offer_id: int) -> Offer:
    """Take an offer until the transaction ends. Raises NoSuch."""
    row = Offer.objects.of_merchant(merchant_id).filter(id=offer_id).lock().first()
    if row is None:
        raise NoSuch(kind="presale_offer", key=str(offer_id))
    return row


def lock_presale(*, merchant_id: int, presale_id: int) -> Presale:
    """Take a presale order until the transaction ends. Raises NoSuch."""
    row = _rows(merchant_id).filter(id=presale_id).lock().first()
    if row is None:
        raise NoSuch(kind="presale", key=str(presale_id))
    return row


def lock_presale_of(*, merchant_id: int, order_id: int) -> Presale | None:
    """The presale order that an order belongs to, taken; None for any other order."""
    return _rows(merchant_id).filter(order_id=order_id).lock().first()


def _rows(merchant_id: int) -> MerchantQuerySet[Presale]:
    return Presale.objects.of_merchant(merchant_id).select_related("offer", "version")
