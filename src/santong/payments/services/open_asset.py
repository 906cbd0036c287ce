"""Begin to count something."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.bulk import insert_new
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_CODE, Asset, AssetKind
from santong.payments.errors import AssetTaken
from santong.payments.models import Asset as AssetRow
from santong.payments.rules.accounts import check_currency
from santong.payments.rules.txns import check_text
from santong.payments.selectors.assets import asset_by_code


@all_or_nothing
def open_asset(
    *, merchant_id: int, code: str, kind: AssetKind, currency: str | None = None, now: datetime
) -> Asset:
    """Open an asset, or give the one that is there with the same kind and currency.

    Raises AssetTaken, FieldInvalid. Locks nothing.
    """
    check_text(code, most=LONGEST_CODE, pointer="/code", least=1)
    check_currency(kind=kind, currency=currency)
    found = _found(merchant_id, code)
    if found is None:
        insert_new(
            [
                AssetRow(
                    merchant_id=merchant_id, code=code, kind=kind, currency=currency, opened_at=now
                )
            ],
            unique=["merchant_id", "code"],
        )
        found = asset_by_code(merchant_id=merchant_id, code=code)
    if (found.kind, found.currency) != (kind, currency):
        raise AssetTaken(asset=code)
    return found


def _found(merchant_id: int, code: str) -> Asset | None:
    row = AssetRow.objects.of_merchant(merchant_id).filter(code=code).first()
    return row.as_contract() if row else None
