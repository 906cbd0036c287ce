"""Merges of members, and what of them is still on its way."""

from __future__ import annotations

from santong.kernel.wire import Statement
from santong.membership.selectors.programmes import pools
from santong.membership.selectors.statements import run
from santong.payments import public as payments

_MERGED = Statement("""
SELECT merge_id, 'member:' || gone_id FROM membership_membermerge
WHERE merchant_id = %(merchant)s AND gone_id IS NOT NULL AND undone_at IS NULL
ORDER BY merge_id
""")


def merges_with_leftovers(*, merchant_id: int) -> list[int]:
    """Merges of whose ended member something can be spent: it was held when the other took over."""
    merged = run(_MERGED, {"merchant": merchant_id})
    accounts = {
        payments.AccountKey(pool.points_asset, kind, owner): merge_id
        for merge_id, owner in merged
        for pool in pools(merchant_id=merchant_id)
        for kind in ("available", "pending", "debt")
    }
    found = payments.balances(merchant_id=merchant_id, accounts=list(accounts))
    return sorted({accounts[each] for each, balance in found.items() if balance.available})
