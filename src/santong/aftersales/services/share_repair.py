"""What partners get of a repair's price: shared when paid, due when the owner has it again."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.models import Case, CaseLine, Repair
from santong.catalog import public as catalog
from santong.orders import public as orders
from santong.settlement import public as settlement

# A rule of shares can be for repairs alone, and below it for those of some goods.
CATEGORY = "repair"


def share_repair(case: Case, row: Repair, *, now: datetime) -> None:
    """Let settlement share what was paid for a repair, once, by the rules in force."""
    if _is_shared(row):
        return
    order = orders.order_by_id(merchant_id=case.merchant_id, order_id=case.order_id)
    settlement.share_document(
        merchant_id=case.merchant_id,
        document=row.document,
        storefront_id=case.storefront_id,
        seller_location_id=row.location_id or case.location_id or order.seller_location_id,
        clerk="",
        currency=row.currency,
        lines=[_line(case, row)],
        paid_at=row.paid_at or now,
        rules_at=now,
        now=now,
    )
    name_repairer(case, row, now=now)


def name_repairer(case: Case, row: Repair, *, now: datetime) -> None:
    """Tell settlement which provider does the work, once that is known and the price shared."""
    if row.repairer == "provider" and row.repairer_code and _is_shared(row):
        settlement.name_installer(
            merchant_id=case.merchant_id,
            document=row.document,
            installer=row.repairer_code,
            now=now,
        )


def accept_shares(case: Case, row: Repair, *, now: datetime) -> None:
    """Tell settlement that the owner has it again: what was shared is due."""
    if _is_shared(row):
        settlement.record_acceptance(
            merchant_id=case.merchant_id, document=row.document, accepted_at=now
        )


def _is_shared(row: Repair) -> bool:
    return settlement.is_shared(merchant_id=row.merchant_id, document=row.document)


def _line(case: Case, row: Repair) -> settlement.NewSaleLine:
    """One line, named after what is mended."""
    line = CaseLine.objects.of_merchant(case.merchant_id).filter(case=case.id).order_by("id")[0]
    sku = catalog.skus_by_id(merchant_id=case.merchant_id, sku_ids=[line.sku_id])[line.sku_id]
    return settlement.NewSaleLine(
        paid_minor=row.quote_minor,
        sku=line.sku_code,
        category="/".join(filter(None, (CATEGORY, sku.category))),
    )
