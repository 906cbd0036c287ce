"""Let a visit be booked, once all that it waits for is there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.events import VisitOffered
from santong.fieldservice.models import Visit, VisitPart
from santong.fieldservice.selectors.documents import sold_of
from santong.fieldservice.services.record import go, locked_visit, save
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def goods_arrived(*, merchant_id: int, document: str, now: datetime) -> int:
    """The goods of a document are at the buyer's: offer the visits that wait for them.

    Emits VisitOffered. Locks the visits.
    """
    rows = Visit.objects.of_merchant(merchant_id).filter(
        document=document, state="requested", waits_for_goods=True
    )
    offered = 0
    for visit in rows.select_related("service_type").lock():
        visit.waits_for_goods = False
        save(visit, action="goods_arrived", reason="goods arrived", before={}, now=now)
        offered += offer_if_ready(visit, now=now)
    return offered


@all_or_nothing
def name_seller(*, merchant_id: int, document: str, location_id: int, now: datetime) -> int:
    """A document has a place that sold it: its people see the visits that were asked for before.

    How many visits had none. Locks the visits.
    """
    rows = Visit.objects.of_merchant(merchant_id).filter(
        document=document, seller_location__isnull=True
    )
    visits = list(rows.lock())
    for visit in visits:
        visit.seller_location_id = location_id
        save(visit, action="name_seller", reason=document, before={}, now=now)
    return len(visits)


@all_or_nothing
def parts_arrived(
    *, merchant_id: int, visit_id: int, sku_codes: Collection[str], now: datetime
) -> contracts.Visit:
    """Parts that a visit needs are there; with the last of them it is offered.

    A visit that waits for nothing stays as it is.

    Raises NoSuch. Emits VisitOffered. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state != "requested":
        return visit.as_contract()
    VisitPart.objects.of_merchant(merchant_id).filter(
        visit=visit, kind="needed", sku_code__in=list(sku_codes)
    ).update(is_there=True)
    save(
        visit, action="parts_arrived", reason=", ".join(sorted(sku_codes))[:300], before={}, now=now
    )
    offer_if_ready(visit, now=now)
    return visit.as_contract()


@all_or_nothing
def offer_what_has_come(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Look again at visits that wait for goods: those of goods that came are offered.

    Emits VisitOffered. Locks the visits, but for those that somebody is busy with.
    """
    rows = (
        Visit.objects.of_merchant(merchant_id)
        .filter(state="requested", waits_for_goods=True)
        .select_related("service_type")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("id")[:limit]
    )
    return sum(offer_if_ready(visit, now=now) for visit in rows)


def offer_if_ready(visit: Visit, *, now: datetime) -> bool:
    """Offer a locked or new visit, unless it still waits for goods or parts."""
    if visit.state != "requested" or _waits(visit):
        return False
    go(visit, "offered", action="offer", reason="nothing is waited for", now=now)
    outbox.publish(
        VisitOffered(
            visit_id=visit.id,
            document=visit.document,
            service_type=visit.service_type.code,
            follows_id=visit.follows_id,
        ),
        now=now,
    )
    return True


def _waits(visit: Visit) -> bool:
    if visit.waits_for_goods:
        # What came before the visit was asked for is told to nobody any more.
        if not sold_of(merchant_id=visit.merchant_id, document=visit.document).has_come:
            return True
        visit.waits_for_goods = False
    parts = VisitPart.objects.of_merchant(visit.merchant_id)
    return parts.filter(visit=visit, kind="needed", is_there=False).exists()
