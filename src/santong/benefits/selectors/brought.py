"""Whether the books say what coupons have brought: owed red packets, points that were used."""

from __future__ import annotations

from collections import defaultdict

from santong.benefits.selectors.statements import run
from santong.kernel.wire import Statement
from santong.membership import public as membership
from santong.payments import public as payments

AT_ONCE = 5_000
SOURCE = "benefits"

_OWED = Statement("""
SELECT b.currency, c.member_id, sum((b.terms ->> 'value_minor')::bigint)::bigint
FROM benefits_coupon c JOIN benefits_batch b ON b.id = c.batch_id AND b.merchant_id = c.merchant_id
WHERE c.merchant_id = %(merchant)s AND b.kind = 'red_packet' AND c.state IN ('issued', 'held')
GROUP BY 1, 2
""")
_CURRENCIES = Statement("""
SELECT DISTINCT currency FROM benefits_batch
WHERE merchant_id = %(merchant)s AND kind = 'red_packet' AND state NOT IN ('draft', 'approved')
""")
_USED = Statement("""
SELECT c.id, c.attempt, c.state
FROM benefits_coupon c JOIN benefits_batch b ON b.id = c.batch_id AND b.merchant_id = c.merchant_id
WHERE c.merchant_id = %(merchant)s AND b.kind = 'points' AND c.attempt > 0
ORDER BY c.id
""")


def brought_differs(*, merchant_id: int) -> dict[str, list[str]]:
    """Where ledger and membership say something else than the coupons."""
    return {
        "what red packets hold is owed to their members, and nothing else": _owed(merchant_id),
        "a points coupon that stands used has brought its points": _credited(merchant_id),
    }


def _owed(merchant_id: int) -> list[str]:
    held: dict[payments.AccountKey, int] = {}
    by_asset: dict[str, int] = defaultdict(int)
    for (currency,) in run(_CURRENCIES, {"merchant": merchant_id}):
        by_asset[f"coupon_money:{currency}"] = 0
    for currency, member_id, amount in run(_OWED, {"merchant": merchant_id}):
        asset = f"coupon_money:{currency}"
        held[payments.AccountKey(asset, "available", f"member:{member_id}")] = amount
        by_asset[asset] += amount
    found: list[str] = []
    accounts = list(held)
    for begin in range(0, len(accounts), AT_ONCE):
        part = accounts[begin : begin + AT_ONCE]
        stands = payments.balances(merchant_id=merchant_id, accounts=part)
        found += [
            f"{account.owner}: packets hold {held[account]}, the ledger says {posted}"
            for account in part
            if (posted := stands[account].posted) != held[account]
        ]
    for asset, amount in by_asset.items():
        totals = payments.totals(merchant_id=merchant_id, asset=asset)
        posted = sum(total.amount for total in totals if total.kind == "available")
        if posted != amount:
            found.append(f"{asset}: packets hold {amount}, the ledger says {posted}")
    return found


def _credited(merchant_id: int) -> list[str]:
    rows = run(_USED, {"merchant": merchant_id})
    found: list[str] = []
    for begin in range(0, len(rows), AT_ONCE):
        part = {f"coupon:{row[0]}:{row[1]}": row[2] for row in rows[begin : begin + AT_ONCE]}
        brought = membership.credits_by_key(merchant_id=merchant_id, source=SOURCE, keys=list(part))
        for key, state in part.items():
            stands = key in brought and not brought[key].is_taken_back
            if stands != (state == "redeemed"):
                found.append(f"{key} is {state}, its points {'stand' if stands else 'do not'}")
    return found
