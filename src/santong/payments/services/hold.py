"""Keep a part of an account for one purpose."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.payments.contracts import (
    LONGEST_KEY,
    LONGEST_REFERENCE,
    LONGEST_SOURCE,
    AccountKey,
    Hold,
    NewEntry,
)
from santong.payments.errors import InsufficientBalance, KeyTaken, NoSuchAccount
from santong.payments.models import Hold as HoldRow
from santong.payments.rules.accounts import kept_as
from santong.payments.rules.txns import check_amount, check_text, content_hash
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.balances import balances
from santong.payments.selectors.holds import hold_of_row
from santong.payments.selectors.statements import run
from santong.payments.services.lock import lock_with_the_next
from santong.payments.services.signature import signature

# The account is locked. Lots are kept in the order in which they would be spent.
STATEMENT = """
WITH account AS MATERIALIZED (
  SELECT a.id, a.kept_as, a.posted - a.held AS free
  FROM payments_asset s JOIN payments_account a ON a.merchant_id = %(merchant)s
    AND a.asset_id = s.id AND a.kind = %(kind)s AND a.owner = %(owner)s
  WHERE s.merchant_id = %(merchant)s AND s.code = %(asset)s
), spendable AS (
  SELECT l.id, l.rest - l.held AS free,
    sum(l.rest - l.held) OVER (ORDER BY l.expires_at, l.id) - l.rest + l.held AS after
  FROM account a JOIN payments_lot l ON l.account_id = a.id AND l.is_open AND l.rest > l.held
    AND (l.expires_at IS NULL OR l.expires_at > %(now)s::timestamptz)
  WHERE a.kept_as = 'lots'
), taken AS MATERIALIZED (
  SELECT id, least(free, %(amount)s::bigint - after)::bigint AS amount
  FROM spendable WHERE after < %(amount)s::bigint
), made AS (
  INSERT INTO payments_hold (merchant_id, source, key, request_hash, account_id, amount, state,
    reference, reason, expires_at, held_at, actor)
  SELECT %(merchant)s, %(source)s, %(key)s, %(hash)s, id, %(amount)s::bigint, 'held',
    %(reference)s, '', %(expires)s::timestamptz, %(now)s::timestamptz, %(actor)s
  FROM account
  WHERE CASE kept_as
    WHEN 'lots' THEN (SELECT coalesce(sum(amount), 0) FROM taken) = %(amount)s::bigint
    WHEN 'balance' THEN free >= %(amount)s::bigint
    ELSE false END
  ON CONFLICT (merchant_id, source, key) DO NOTHING
  RETURNING id, account_id, amount
), kept AS (
  INSERT INTO payments_holdlot (merchant_id, hold_id, lot_id, amount)
  SELECT %(merchant)s, made.id, taken.id, taken.amount FROM made, taken ORDER BY taken.id
), reserved AS (
  UPDATE payments_lot l SET held = l.held + t.amount FROM taken t, made
  WHERE l.id = t.id AND l.merchant_id = %(merchant)s
), balanced AS (
  UPDATE payments_account a SET held = a.held + made.amount FROM made
  WHERE a.id = made.account_id AND a.merchant_id = %(merchant)s
)
SELECT id FROM made
"""
_HOLD = Statement(STATEMENT)


@all_or_nothing
def hold(
    *,
    merchant_id: int,
    source: str,
    key: str,
    account: AccountKey,
    amount: int,
    expires_at: datetime,
    reference: str = "",
    now: datetime,
) -> Hold:
    """Keep so much of an account until `expires_at`, so that nothing else can spend it.

    The same key with the same account, amount and reference gives the hold that is there, whatever
    has become of it.

    Raises InsufficientBalance, KeyTaken, UnknownAsset, NoSuchAccount, FieldInvalid, Busy. Locks the
    account.
    """
    check_text(source, most=LONGEST_SOURCE, pointer="/source", least=1)
    check_text(key, most=LONGEST_KEY, pointer="/key", least=1)
    check_text(reference, most=LONGEST_REFERENCE, pointer="/reference")
    check_amount(amount, pointer="/amount")
    if expires_at <= now:
        raise FieldInvalid(pointer="/expires_at", reason="in the future")
    request_hash = content_hash("hold", [NewEntry(account, amount)], reference)
    lock_with_the_next(merchant_id=merchant_id, accounts=[account])
    rows = run(
        _HOLD,
        {
            "merchant": merchant_id,
            "source": source,
            "key": key,
            "hash": request_hash,
            "asset": account.asset,
            "kind": account.kind,
            "owner": account.owner,
            "amount": amount,
            "reference": reference,
            "expires": expires_at,
            "now": now,
            "actor": signature(),
        },
    )
    if not rows:
        return _held_before(merchant_id, source, key, request_hash) or _refuse(
            merchant_id, account, amount, now
        )
    ((hold_id,),) = rows
    return Hold(
        id=hold_id,
        source=source,
        key=key,
        account=account,
        amount=amount,
        state="held",
        expires_at=expires_at,
        reference=reference,
    )


def _held_before(merchant_id: int, source: str, key: str, request_hash: str) -> Hold | None:
    row = (
        HoldRow.objects.of_merchant(merchant_id)
        .select_related("account__asset")
        .filter(source=source, key=key)
        .first()
    )
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise KeyTaken(source=source, key=key)
    return hold_of_row(row)


def _refuse(merchant_id: int, account: AccountKey, amount: int, now: datetime) -> Hold:
    asset = asset_by_code(merchant_id=merchant_id, code=account.asset)
    if kept_as(account, asset_kind=asset.kind) not in ("lots", "balance"):
        raise NoSuchAccount(asset=account.asset, kind=account.kind)
    stand = balances(merchant_id=merchant_id, accounts=[account], now=now)[account]
    if amount > stand.available:
        raise InsufficientBalance(
            asset=account.asset,
            kind=account.kind,
            owner=account.owner,
            wanted=amount,
            available=stand.available,
        )
    raise Busy
