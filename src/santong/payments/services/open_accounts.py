"""Accounts open themselves when they are first written to."""

from __future__ import annotations

from collections.abc import Iterable

from santong.kernel.wire import Statement
from santong.payments.contracts import AccountKey, Asset
from santong.payments.rules.accounts import kept_as
from santong.payments.selectors.assets import assets_by_code
from santong.payments.selectors.statements import numbers, run, texts

# In the order of the key: two commands that open the same accounts wait for one another instead of
# blocking one another.
_OPEN = Statement("""
INSERT INTO payments_account (merchant_id, asset_id, kind, owner, kept_as)
SELECT %(merchant)s, * FROM unnest(%(assets)s::bigint[], %(kinds)s::text[], %(owners)s::text[],
  %(kept)s::text[]) AS w(asset_id, kind, owner, kept_as)
WHERE NOT EXISTS (
  SELECT FROM payments_account a WHERE a.merchant_id = %(merchant)s AND a.asset_id = w.asset_id
    AND a.kind = w.kind AND a.owner = w.owner
)
ORDER BY asset_id, kind, owner
ON CONFLICT (merchant_id, asset_id, kind, owner) DO NOTHING
RETURNING id
""")


def open_accounts(*, merchant_id: int, accounts: Iterable[AccountKey]) -> None:
    """Open the accounts that are not there.

    Raises UnknownAsset, NoSuchAccount.
    """
    wanted = sorted(set(accounts), key=lambda each: (each.asset, each.kind, each.owner))
    assets: dict[str, Asset] = assets_by_code(
        merchant_id=merchant_id, codes=[account.asset for account in wanted]
    )
    run(
        _OPEN,
        {
            "merchant": merchant_id,
            "assets": numbers(assets[account.asset].id for account in wanted),
            "kinds": texts(account.kind for account in wanted),
            "owners": texts(account.owner for account in wanted),
            "kept": texts(
                kept_as(account, asset_kind=assets[account.asset].kind) for account in wanted
            ),
        },
    )
