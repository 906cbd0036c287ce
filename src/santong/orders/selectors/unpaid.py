"""How long a storefront's unpaid orders hold their stock."""

from __future__ import annotations

from santong.kernel.remembered import Remembered
from santong.orders.contracts import UnpaidPolicy
from santong.orders.models import UnpaidPolicy as UnpaidPolicyTable
from santong.orders.rules.unpaid import DEFAULT_POLICY

SECONDS_TRUSTED = 30.0

_policies: Remembered[int, dict[int | None, UnpaidPolicy]] = Remembered(seconds=SECONDS_TRUSTED)


def unpaid_policy(*, merchant_id: int, storefront_id: int) -> UnpaidPolicy:
    """The storefront's own policy, else the merchant's, else the product's.

    As it was at most half a minute ago.
    """

    def read() -> dict[int | None, UnpaidPolicy]:
        rows = UnpaidPolicyTable.objects.of_merchant(merchant_id)
        return {row.storefront_id: row.as_contract() for row in rows}

    by_storefront = _policies.get(merchant_id, read)
    return by_storefront.get(storefront_id) or by_storefront.get(None) or DEFAULT_POLICY


def forget_policies() -> None:
    """Read policies again: one has changed in this transaction."""
    _policies.forget()
