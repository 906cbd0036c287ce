"""What transactions came to, summed from their entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from santong.kernel.wire import Statement
from santong.payments.selectors.statements import run, texts

_SUMS = Statement("""
SELECT t.key, s.code, sum(e.amount)::bigint
FROM payments_txn t
JOIN payments_entry e ON e.txn_id = t.id AND e.merchant_id = t.merchant_id
JOIN payments_account a ON a.id = e.account_id
JOIN payments_asset s ON s.id = e.asset_id
JOIN unnest(%(assets)s::text[], %(kinds)s::text[]) AS w(asset, kind)
  ON w.asset = s.code AND w.kind = a.kind
WHERE t.merchant_id = %(merchant)s AND t.source = %(source)s AND t.key = ANY (%(keys)s::text[])
GROUP BY 1, 2
""")


def sums_of_txns(
    *,
    merchant_id: int,
    source: str,
    keys: Collection[str],
    accounts: Sequence[tuple[str, str]],
) -> dict[str, dict[str, int]]:
    """What each transaction of a source brought to accounts of some kinds: by key, by asset.

    `accounts` are assets with the kind of account to look at. Keys under which nothing was posted
    are left out.
    """
    rows = run(
        _SUMS,
        {
            "merchant": merchant_id,
            "source": source,
            "keys": texts(keys),
            "assets": texts(asset for asset, _ in accounts),
            "kinds": texts(kind for _, kind in accounts),
        },
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for key, asset, amount in rows:
        found[key][asset] = amount
    return dict(found)
