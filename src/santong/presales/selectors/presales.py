"""Reading presale orders."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.kernel.models import MerchantQuerySet
from santong.presales import contracts
from santong.presales.models import Compensation, Presale


def presale_by_id(
    *, merchant_id: int, presale_id: int, location_ids: frozenset[int] | None = None
) -> contracts.Presale:
    """One presale order; with `location_ids`, only if it was sold there. Raises NoSuch."""
    rows = _visible_at(_rows(merchant_id), location_ids)
    row = rows.filter(id=presale_id).first()
    if row is None:
        raise NoSuch(kind="presale", key=str(presale_id))
    return row.as_contract()


def presale_of_order(*, merchant_id: int, order_id: int) -> contracts.Presale | None:
    """The presale order behind an order; None for any other order."""
    row = _rows(merchant_id).filter(order_id=order_id).first()
    return row.as_contract() if row else None


def presales_page(
    *,
    merchant_id: int,
    offer_id: int | None = None,
    state: contracts.PresaleState | None = None,
    location_ids: frozenset[int] | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Presale]:
    """Presale orders, newest first; with `location_ids`, those that were sold there."""
    rows = _visible_at(_rows(merchant_id), location_ids).order_by("-id")
    if offer_id is not None:
        rows = rows.filter(offer_id=offer_id)
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows[:limit]]


def compensation_of(*, merchant_id: int, presale_id: int) -> contracts.Compensation | None:
    """What is owed to the buyer of a presale order that the merchant failed, if anything."""
    row = Compensation.objects.of_merchant(merchant_id).filter(presale_id=presale_id).first()
    return row.as_contract() if row else None


def _visible_at(
    rows: MerchantQuerySet[Presale], location_ids: frozenset[int] | None
) -> MerchantQuerySet[Presale]:
    return rows if location_ids is None else rows.filter(seller_location__in=sorted(location_ids))


def _rows(merchant_id: int) -> MerchantQuerySet[Presale]:
    return Presale.objects.of_merchant(merchant_id).select_related("offer", "version")
