from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.messaging.models import Endpoint, Place


def lock_webhook(*, merchant_id: int, webhook_id: int) -> tuple[Endpoint, Place]:
    """Take an endpoint and its place in the log until the transaction ends.

    Raises NoSuch. Locks the endpoint, then its place.
    """
    row = Endpoint.objects.of_merchant(merchant_id).filter(id=webhook_id).lock().first()
    if row is None:
        raise NoSuch(kind="webhook", key=str(webhook_id))
    place = Place.objects.of_merchant(merchant_id).filter(endpoint_id=webhook_id).lock().get()
    return row, place
