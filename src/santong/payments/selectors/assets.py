"""Which assets there are."""

from __future__ import annotations

from collections.abc import Iterable

from santong.payments.contracts import Asset
from santong.payments.errors import UnknownAsset
from santong.payments.models import Asset as AssetRow
from santong.payments.rules.accounts import ACCOUNTS


def asset_by_code(*, merchant_id: int, code: str) -> Asset:
    """The asset of a code. Raises UnknownAsset."""
    found = AssetRow.objects.of_merchant(merchant_id).filter(code=code).first()
    if found is None:
        raise UnknownAsset(asset=code)
    return found.as_contract()


def assets_by_code(*, merchant_id: int, codes: Iterable[str]) -> dict[str, Asset]:
    """Assets by their codes. Raises UnknownAsset."""
    wanted = sorted(set(codes))
    rows = AssetRow.objects.of_merchant(merchant_id).filter(code__in=wanted)
    found = {row.code: row.as_contract() for row in rows}
    for code in wanted:
        if code not in found:
            raise UnknownAsset(asset=code)
    return found


def assets_with_lots(*, merchant_id: int) -> list[Asset]:
    """Assets that some account keeps in lots, by code."""
    kinds = [kind for kind, accounts in ACCOUNTS.items() if "lots" in accounts.values()]
    rows = AssetRow.objects.of_merchant(merchant_id).filter(kind__in=kinds).order_by("code")
    return [row.as_contract() for row in rows]
