"""Reading presale orders."""

from __future__ import annotations

from collections.abc import Collection

from santong.kernel.errors import NoSuch
from santong.kernel.models import MerchantQuerySet
from santong.presales import contracts
from santong.presales.models import Compensation, Presale


def presale_by_id(*, merchant_id: int, presale_id: int) -> contracts.Presale:
    """One presale order. Raises NoSuch."""
    row = _rows(merchant_id).filter(id=presale_id).first()
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
    order_ids: Collection[int] | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Presale]:
    """Presale orders, newest first."""
    rows = _rows(merchant_id).order_by("-id")
    if offer_id is not None:
        rows = rows.filter(offer_id=offer_id)
    if state is not None:
        rows = rows.filter(state=state)
    if order_ids is not None:
        rows = rows.filter(order_id__in=order_ids)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows[:limit]]


def compensation_of(*, merchant_id: int, presale_id: int) -> contracts.Compensation | None:
    """What is owed to the buyer of a presale order that the merchant failed, if anything."""
    row = Compensation.objects.of_merchant(merchant_id).filter(presale_id=presale_id).first()
    return row.as_contract() if row else None


def _rows(merchant_id: int) -> MerchantQuerySet[Presale]:
    return Presale.objects.of_merchant(merchant_id).select_related("offer", "version")
