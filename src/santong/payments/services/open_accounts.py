"""Accounts open themselves when they are first written to."""

from __future__ import annotations

from collections.abc import Iterable

from santong.kernel.wire import Statement
from santong.payments.contracts import AccountKey, Asset
from santong.payments.rules.accounts import ACCOUNTS, BY_DOCUMENT, kept_as
from santong.payments.selectors.assets import assets_by_code
from santong.payments.selectors.statements import numbers, run, texts, values_of

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
_OPEN_OF_DOCUMENTS = Statement("""
INSERT INTO payments_account (merchant_id, asset_id, kind, owner, kept_as)
SELECT %(merchant)s, s.id, w.kind, w.owner, w.kept_as
FROM unnest(%(assets)s::text[], %(kinds)s::text[], %(owners)s::text[], %(kept)s::text[])
  AS w(asset, kind, owner, kept_as)
JOIN payments_asset s ON s.merchant_id = %(merchant)s AND s.code = w.asset AND s.kind = 'money'
WHERE NOT EXISTS (
  SELECT FROM payments_account a WHERE a.merchant_id = %(merchant)s AND a.asset_id = s.id
    AND a.kind = w.kind AND a.owner = w.owner
)
ORDER BY s.id, w.kind, w.owner
ON CONFLICT (merchant_id, asset_id, kind, owner) DO NOTHING
""")


def open_with_the_next(*, merchant_id: int, accounts: Iterable[AccountKey]) -> None:
    """Open the accounts of documents on the way of the next statement: most are new."""
    kept = ACCOUNTS["money"]
    wanted = sorted(
        {each for each in accounts if each.kind in BY_DOCUMENT},
        key=lambda each: (each.asset, each.kind, each.owner),
    )
    if wanted:
        _OPEN_OF_DOCUMENTS.later(
            values_of(
                {
                    "merchant": merchant_id,
                    "assets": texts(account.asset for account in wanted),
                    "kinds": texts(account.kind for account in wanted),
                    "owners": texts(account.owner for account in wanted),
                    "kept": texts(kept[account.kind] for account in wanted),
                }
            )
        )


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
