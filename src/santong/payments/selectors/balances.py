"""What accounts stand at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.wire import Statement
from santong.payments.contracts import AccountKey, Balance
from santong.payments.selectors.statements import run, texts

_BALANCES = Statement("""
SELECT w.asset, w.kind, w.owner, a.posted, a.held,
  CASE WHEN a.kept_as = 'lots' AND %(now)s::timestamptz IS NOT NULL THEN (
    SELECT coalesce(sum(l.rest - l.held), 0)::bigint FROM payments_lot l
    WHERE l.account_id = a.id AND l.is_open AND l.expires_at <= %(now)s::timestamptz
  ) ELSE 0 END AS lapsed, a.kept_as = 'sum', a.id
FROM unnest(%(assets)s::text[], %(kinds)s::text[], %(owners)s::text[]) AS w(asset, kind, owner)
JOIN payments_asset s ON s.merchant_id = %(merchant)s AND s.code = w.asset
JOIN payments_account a ON a.merchant_id = %(merchant)s AND a.asset_id = s.id
  AND a.kind = w.kind AND a.owner = w.owner
""")
# What can be spent of one kept account, as a part of somebody else's statement: `owner` is an
# expression there, the places are `merchant`, `asset` and `now`. It counts as `balances` does.
AVAILABLE_OF = """
coalesce((
  SELECT a.posted - a.held - CASE WHEN a.kept_as = 'lots' THEN (
    SELECT coalesce(sum(l.rest - l.held), 0)::bigint FROM payments_lot l
    WHERE l.account_id = a.id AND l.is_open AND l.expires_at <= %(now)s::timestamptz
  ) ELSE 0 END
  FROM payments_asset s
  JOIN payments_account a ON a.merchant_id = %(merchant)s AND a.asset_id = s.id
    AND a.kind = 'available' AND a.owner = {owner}
  WHERE s.merchant_id = %(merchant)s AND s.code = %(asset)s
), 0)::bigint
"""
_SUM = Statement("""
SELECT coalesce(sum(amount), 0)::bigint FROM payments_entry
WHERE merchant_id = %(merchant)s AND account_id = %(account)s
""")


def balances(
    *, merchant_id: int, accounts: Sequence[AccountKey], now: datetime | None = None
) -> dict[AccountKey, Balance]:
    """What accounts stand at; an account that was never written to stands at nothing.

    With `now`, what has expired by then and waits for the sweeper is no longer available, exactly
    as a spend at `now` would find it; without, balances are as the books have them. A sink's
    balance is summed from its entries.
    """
    found = {account: Balance(account, 0, 0) for account in accounts}
    rows = run(
        _BALANCES,
        {
            "merchant": merchant_id,
            "now": now,
            "assets": texts(account.asset for account in found),
            "kinds": texts(account.kind for account in found),
            "owners": texts(account.owner for account in found),
        },
    )
    for asset, kind, owner, posted, held, lapsed, is_sink, row_id in rows:
        account = AccountKey(asset, kind, owner)
        if is_sink:
            ((posted,),) = run(_SUM, {"merchant": merchant_id, "account": row_id})  # noqa: PLW2901
        found[account] = Balance(account, posted, held, lapsed)
    return found
