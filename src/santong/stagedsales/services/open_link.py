"""A link for the buyer: their page with the deposit, the code, the contract and the stages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.models import SaleLink, StagedSale
from santong.stagedsales.selectors.sealing import new_token, token_hash
from santong.stagedsales.services.lock import lock_sale

# A house takes longer to furnish than a coat to be tried on.
GOOD_FOR: Final = timedelta(days=400)


@all_or_nothing
def open_link(*, merchant_id: int, sale_id: int, now: datetime) -> str:
    """Give the token of a new link; the one before opens nothing from now on.

    It is shown this once: of a token only a keyed hash is kept. Raises NoSuch. Locks the sale.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    token = write_link(held.sale, now=now)
    audit.record(
        audit.Change(
            action="stagedsales.open_link",
            subject="staged_sale",
            subject_id=sale_id,
            reason="a new link for the buyer",
        ),
        now=now,
    )
    return token


def write_link(sale: StagedSale, *, now: datetime) -> str:
    """End the link that a locked sale has, and write another."""
    links = SaleLink.objects.of_merchant(sale.merchant_id)
    links.filter(sale=sale, ended_at__isnull=True).update(ended_at=now)
    token = new_token(merchant_id=sale.merchant_id)
    SaleLink.objects.create(
        merchant_id=sale.merchant_id,
        sale=sale,
        token_hash=token_hash(merchant_id=sale.merchant_id, token=token),
        opened_at=now,
        expires_at=now + GOOD_FOR,
    )
    return token
