"""Write a sale with its lines, parts and shares, once for its document."""

from __future__ import annotations

from collections.abc import Sequence

from santong.kernel import outbox
from santong.kernel.bulk import insert_new
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement.contracts import Place
from santong.settlement.events import SharesFrozen
from santong.settlement.models import Sale, SaleLine
from santong.settlement.selectors.ledger import asset_of
from santong.settlement.services.book import book_first
from santong.settlement.services.share_parts import new_part, share_parts


@all_or_nothing
def freeze_sale(
    *, sale: Sale, lines: Sequence[SaleLine], version: int, key: str, filler: Place | None
) -> bool:
    """Share a sale by its terms; say whether it was not shared before.

    Without `key` its pieces wait for who fills them; with one, `filler` did.

    Emits SharesFrozen. Locks accounts of parties.
    """
    if not insert_new([sale], unique=["merchant_id", "document"]):
        return False
    now = sale.frozen_at
    payments.open_asset(
        merchant_id=sale.merchant_id,
        code=asset_of(sale.currency),
        kind="money",
        currency=sale.currency,
        now=now,
    )
    written = SaleLine.objects.bulk_create(lines)
    parts = [
        new_part(line=line, behind=0, pieces=line.pieces, key=key, filler=filler, now=now)
        for line in written
    ]
    shares = share_parts(merchant_id=sale.merchant_id, sale=sale, parts=parts, now=now)
    book_first(sale=sale, parts=parts, shares=shares, now=now)
    outbox.publish(_frozen(sale, version), now=now)
    return True


def _frozen(sale: Sale, version: int) -> SharesFrozen:
    return SharesFrozen(
        document=sale.document,
        sale_id=sale.id,
        version=version,
        currency=sale.currency,
        paid_minor=sale.paid_minor,
    )
