"""Whose units were whose is forgotten; that they were taken stays."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.db.models import F

from santong.customers import public as customers
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.presales.models import OfferBuyer, Presale
from santong.presales.selectors.buyers import buyer_index

INDEX_BYTES: Final = 16
# A keyed hash of all that the buyer wished: with it a guess could be tried.
FORGOTTEN_WISH: Final = b"\0" * 16


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Let no presale order be found by a person's telephone numbers any more; end its links.

    Their counts of units go on under a name that nobody has. Who gets the goods stands on their
    orders, which forget it themselves.

    Locks the presale orders.
    """
    for phone in person.phones:
        known = buyer_index(merchant_id=merchant_id, phone=phone)
        rows = list(Presale.objects.of_merchant(merchant_id).filter(buyer_index=known).lock())
        nobody = secrets.token_bytes(INDEX_BYTES)
        OfferBuyer.objects.of_merchant(merchant_id).filter(buyer_index=known).update(
            buyer_index=nobody
        )
        Presale.objects.of_merchant(merchant_id).filter(id__in=[row.id for row in rows]).update(
            buyer_index=nobody,
            request_hash=FORGOTTEN_WISH,
            link_round=F("link_round") + 1,
        )
        audit.record(*(_change(row) for row in rows), now=now)


def _change(row: Presale) -> audit.Change:
    return audit.Change(
        action="presales.forget_buyer",
        subject="presale",
        subject_id=row.id,
        reason="the person was erased",
        after={"state": row.state},
    )
