"""Money that a channel has collected for us, and told us of."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.payments.contracts import NewTxn
from santong.payments.rules.books import SOURCE, received
from santong.payments.rules.documents import check_document
from santong.payments.selectors.statements import Values, run, values_of
from santong.payments.services.open_intent import new_reference
from santong.payments.services.open_payment_account import open_payment_account
from santong.payments.services.post import post
from santong.payments.services.signature import signature

_ODD: Final = re.compile(r"[^a-z0-9_.-]+")
# Nobody was asked: the intent is paid from the start, beside whatever else is asked for.
_RECORD: Final = Statement("""
WITH fresh AS (
  INSERT INTO payments_intent (merchant_id, key, request_hash, document, subject, currency,
    amount_minor, authorise_only, return_url, state, planned_minor, received_minor, tenders_made,
    opened_at, expires_at, ended_at, actor)
  VALUES (%(merchant)s::bigint, %(key)s::text, %(hash)s::text, %(document)s::text,
    %(document)s::text, %(currency)s::text, %(amount)s::bigint, false, '', 'paid',
    %(amount)s::bigint, %(amount)s::bigint, 1, %(at)s::timestamptz, %(at)s::timestamptz,
    %(now)s::timestamptz, %(actor)s::text)
  ON CONFLICT (merchant_id, key) DO NOTHING
  RETURNING id
), tender AS (
  INSERT INTO payments_tender (merchant_id, intent_id, account_id, number, reference,
    their_reference, amount_minor, state, way, captured_minor, asked_at, captured_at)
  SELECT %(merchant)s::bigint, f.id, a.id, 1, %(reference)s::text, %(theirs)s::text,
    %(amount)s::bigint, 'captured', 'none', %(amount)s::bigint, %(at)s::timestamptz,
    %(at)s::timestamptz
  FROM fresh f, payments_paymentaccount a
  WHERE a.merchant_id = %(merchant)s::bigint AND a.code = %(account)s::text
  RETURNING id, account_id
)
SELECT id, account_id FROM tender
""")
_MOVED: Final = Statement("""
INSERT INTO payments_movement (merchant_id, account_id, kind, reference, their_reference,
  amount_minor, currency, moved_at, recorded_at, document, subject, txn_id)
VALUES (%(merchant)s::bigint, %(account)s::bigint, 'payment', %(reference)s::text,
  %(theirs)s::text, %(amount)s::bigint, %(currency)s::text, %(at)s::timestamptz,
  %(now)s::timestamptz, %(document)s::text, 'tender:' || %(tender)s::bigint, %(txn)s::bigint)
""")
_KNOWN: Final = Statement("""
SELECT count(*) FROM payments_paymentaccount
WHERE merchant_id = %(merchant)s::bigint AND code = %(account)s::text
  AND currency = %(currency)s::text
""")


@all_or_nothing
def record_external(
    *,
    merchant_id: int,
    document: str,
    collected_by: str,
    number: str,
    amount_minor: int,
    currency: str,
    paid_at: datetime,
    now: datetime,
) -> bool:
    """Book money that a channel has collected for a document, once for its number there.

    Its account (`channel:{who}`) opens itself. No fact is told: whoever told us knows. False if it
    was recorded before.

    Raises FieldInvalid. Locks the document's account of the ledger.
    """
    check_document(document)
    account = account_of_channel(collected_by, currency)
    named: Values = {"merchant": merchant_id, "account": account, "currency": currency}
    if run(_KNOWN, named)[0][0] == 0:
        open_payment_account(
            merchant_id=merchant_id,
            code=account,
            provider="external",
            method="external",
            name=collected_by or "channel",
            currency=currency,
            now=now,
        )
    reference = new_reference(now)
    said = f"{document}|{collected_by}|{number}"
    values: Values = {
        "merchant": merchant_id,
        "key": f"external:{hashlib.sha256(said.encode()).hexdigest()}",
        "hash": hashlib.sha256(f"{said}|{amount_minor}|{currency}".encode()).hexdigest(),
        "document": document,
        "currency": currency,
        "amount": amount_minor,
        "at": paid_at,
        "now": now,
        "actor": signature(),
        "reference": reference,
        "theirs": number[:128],
        "account": account,
    }
    rows = run(_RECORD, values)
    if not rows:
        return False
    tender_id, account_id = rows[0]
    txn = post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"received:{reference}",
            kind="received",
            entries=received(
                currency=currency, document=document, account=account, amount_minor=amount_minor
            ),
            occurred_at=paid_at,
            reference=document,
        ),
        now=now,
    )
    _MOVED.later(values_of({**values, "account": account_id, "tender": tender_id, "txn": txn.id}))
    return True


def account_of_channel(collected_by: str, currency: str) -> str:
    """The code of the account at which a channel collects money of a currency."""
    plain = _ODD.sub("-", collected_by.lower()).strip("-")[:24] or "any"
    return f"channel:{plain}:{currency.lower()}"
