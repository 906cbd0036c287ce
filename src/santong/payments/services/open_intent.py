"""Ask for money: an intent with its parts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from santong.kernel import audit, crypto
from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, texts
from santong.payments.contracts import METHODS, Intent, NewIntent, Seen, Tender
from santong.payments.errors import AlreadyAsked, IntentKeyTaken, PaymentAccountClosed
from santong.payments.models import Intent as Row
from santong.payments.models.money import LIVE_INTENTS
from santong.payments.rules.books import asset_of
from santong.payments.rules.intents import check_intent, hash_of_intent
from santong.payments.selectors.intents import intent_by_id
from santong.payments.selectors.payment_accounts import payment_accounts_by_code
from santong.payments.selectors.statements import Values, numbers, run
from santong.payments.services.signature import signature
from santong.payments.services.take_here import here, settle_here

# One trip, whatever the number of parts; nothing is written if the key is taken, if somebody is
# being asked for this document already, or if money cannot come in at one of the accounts.
OPEN: Final = """
WITH wanted AS MATERIALIZED (
  SELECT w.number, w.reference, w.amount, w.way, w.change, w.instalments, a.id AS account_id,
    a.provider, a.method, w.is_asked AND a.provider <> ALL (%(here)s::text[]) AS is_asked,
    CASE WHEN a.provider <> ALL (%(here)s::text[]) THEN w.token END AS token
  FROM unnest(%(codes)s::text[], %(references)s::text[], %(amounts)s::bigint[], %(ways)s::text[],
    %(tokens)s::text[], %(changes)s::bigint[], %(instalments)s::smallint[], %(asked)s::boolean[])
    WITH ORDINALITY
    AS w(code, reference, amount, way, token, change, instalments, is_asked, number)
  JOIN payments_paymentaccount a ON a.merchant_id = %(merchant)s::bigint AND a.code = w.code
    AND a.is_open AND a.currency = %(currency)s::text
), fresh AS (
  INSERT INTO payments_intent (merchant_id, key, request_hash, document, subject, currency,
    amount_minor, authorise_only, return_url, state, planned_minor, tenders_made, opened_at,
    expires_at, actor)
  SELECT %(merchant)s::bigint, %(key)s::text, %(hash)s::text, %(document)s::text,
    %(subject)s::text, %(currency)s::text,
    %(amount)s::bigint, %(authorise_only)s::boolean, %(return_url)s::text, 'open',
    coalesce((SELECT sum(amount) FROM wanted), 0), %(count)s::int, %(now)s::timestamptz,
    %(expires)s::timestamptz, %(actor)s::text
  WHERE (SELECT count(*) FROM wanted) = %(count)s::int
  ON CONFLICT DO NOTHING
  RETURNING id
), tender AS (
  INSERT INTO payments_tender (merchant_id, intent_id, account_id, number, reference,
    amount_minor, state, way, token_sealed, change_minor, instalments, asked_at)
  SELECT %(merchant)s::bigint, f.id, w.account_id, w.number, w.reference, w.amount, 'asked', w.way,
    w.token::bytea, w.change, w.instalments, %(now)s::timestamptz
  FROM fresh f, wanted w ORDER BY w.number
  RETURNING id, number, account_id
), work AS (
  INSERT INTO payments_work (merchant_id, account_id, about, subject_id, step, due_at)
  SELECT %(merchant)s::bigint, t.account_id, 'payment', t.id, 'ask', %(now)s::timestamptz
  FROM tender t JOIN wanted w USING (number) WHERE w.is_asked
), book AS (
  INSERT INTO payments_account (merchant_id, asset_id, kind, owner, kept_as)
  SELECT %(merchant)s::bigint, s.id, 'document', %(document)s::text, 'balance'
  FROM payments_asset s, fresh
    WHERE s.merchant_id = %(merchant)s::bigint AND s.code = %(asset)s::text
  ON CONFLICT DO NOTHING
)
SELECT f.id AS intent_id, t.id AS tender_id, t.account_id, w.provider, w.method
FROM fresh f LEFT JOIN (tender t JOIN wanted w USING (number)) ON true
ORDER BY number
"""
_OPEN: Final = Statement(OPEN)


@all_or_nothing
def open_intent(
    *,
    merchant_id: int,
    new: NewIntent,
    now: datetime,
    seen: Mapping[int, Seen] | None = None,
) -> Intent:
    """Ask for money for a document: once for the key, and of nobody else at the same time.

    Parts are asked of their providers after the commit, by whoever runs their errands. Stored value
    and what `seen` (by number, from 1) knows already are settled at once; a card that does not
    suffice leaves its part failed and the intent open for another.

    Raises FieldInvalid, CardNumberSeen, NoSuch, PaymentAccountClosed, AlreadyAsked,
    IntentKeyTaken. Emits MoneyReceived. Locks the intent, then accounts of the ledger.
    """
    check_intent(new)
    if new.expires_at <= now:
        raise FieldInvalid(pointer="/expires_at", reason="in the future")
    known = seen or {}
    request_hash = hash_of_intent(new)
    references = [new_reference(now) for _ in new.tenders]
    rows = run(
        _OPEN, _values(merchant_id, new, request_hash, references=references, known=known, now=now)
    )
    if not rows:
        return _there(merchant_id, new, request_hash)
    intent_id: int = rows[0][0]
    audit.record(_opened(intent_id, new), now=now)
    opened = [
        _opened_tender(new, number, references[number - 1], row, now)
        for number, row in enumerate(rows[: len(new.tenders)], 1)
    ]
    settled = [each for each in opened if each.number in known or each.provider in here()]
    for tender in settled:
        settle_here(
            merchant_id=merchant_id,
            reference=tender.reference,
            new=new.tenders[tender.number - 1],
            provider=tender.provider,
            intent=new,
            seen=known.get(tender.number),
            now=now,
        )
    if settled:
        return intent_by_id(merchant_id=merchant_id, intent_id=intent_id)
    return _as_opened(intent_id, new, opened, now)


def new_reference(now: datetime) -> str:
    """A number of ours at a provider: 30 letters and digits, never used twice by anybody."""
    return f"{now:%y%m%d}{secrets.token_hex(12)}"


def sealed_token(merchant_id: int, reference: str, token: str) -> str | None:
    """What a device gave, sealed to the payment that it was given for, until it is asked for."""
    if not token:
        return None
    sealed = crypto.encrypt(
        merchant_id=merchant_id, plain=token.encode(), place=token_place(reference)
    )
    return "\\x" + sealed.hex()


def token_place(reference: str) -> str:
    """Where a token is sealed to."""
    return f"payments.token:{reference}"


def _values(
    merchant_id: int,
    new: NewIntent,
    request_hash: str,
    *,
    references: Sequence[str],
    known: Mapping[int, Seen],
    now: datetime,
) -> Values:
    return {
        "merchant": merchant_id,
        "key": new.key,
        "hash": request_hash,
        "document": new.document,
        "subject": new.subject,
        "currency": new.currency,
        "amount": new.amount_minor,
        "authorise_only": str(new.authorise_only),
        "return_url": new.return_url,
        "now": now,
        "expires": new.expires_at,
        "actor": signature(),
        "asset": asset_of(currency=new.currency),
        "here": texts(here()),
        "count": len(new.tenders),
        "codes": texts(tender.account_code for tender in new.tenders),
        "references": texts(references),
        "amounts": numbers(tender.amount_minor for tender in new.tenders),
        "ways": texts(tender.way for tender in new.tenders),
        "tokens": texts(
            sealed_token(merchant_id, reference, tender.token)
            for reference, tender in zip(references, new.tenders, strict=True)
        ),
        "changes": numbers(tender.change_minor for tender in new.tenders),
        "instalments": numbers(tender.instalments for tender in new.tenders),
        "asked": texts(str(number not in known) for number in range(1, len(new.tenders) + 1)),
    }


def _there(merchant_id: int, new: NewIntent, request_hash: str) -> Intent:
    """Why nothing was opened: the same was asked before, or it cannot be asked."""
    rows = Row.objects.of_merchant(merchant_id)
    before = rows.filter(key=new.key).first()
    if before is not None:
        if before.request_hash != request_hash:
            raise IntentKeyTaken(key=new.key)
        return intent_by_id(merchant_id=merchant_id, intent_id=before.id)
    live = rows.filter(document=new.document, state__in=LIVE_INTENTS).first()
    if live is not None:
        raise AlreadyAsked(document=new.document, intent_id=str(live.id))
    codes = [tender.account_code for tender in new.tenders]
    accounts = payment_accounts_by_code(merchant_id=merchant_id, codes=codes)
    for place, tender in enumerate(new.tenders):
        account = accounts[tender.account_code]
        if not account.is_open:
            raise PaymentAccountClosed(account_code=account.code)
        if account.currency != new.currency:
            raise FieldInvalid(pointer=f"/tenders/{place}/account_code", reason="other currency")
    raise Busy


def _opened(intent_id: int, new: NewIntent) -> audit.Change:
    return audit.Change(
        action="payments.open_intent",
        subject="payment_intent",
        subject_id=intent_id,
        reason=new.document,
        after={
            "amount_minor": new.amount_minor,
            "currency": new.currency,
            "tenders": [[tender.account_code, tender.amount_minor] for tender in new.tenders],
        },
    )


def _opened_tender(
    new: NewIntent, number: int, reference: str, row: Sequence[Any], now: datetime
) -> Tender:
    """A part as it was written a moment ago."""
    intent_id, tender_id, account_id, provider, method = row
    given = new.tenders[number - 1]
    return Tender(
        id=tender_id,
        intent_id=intent_id,
        document=new.document,
        number=number,
        account_id=account_id,
        account_code=given.account_code,
        provider=provider,
        method=METHODS[METHODS.index(method)],
        way=given.way,
        reference=reference,
        their_reference="",
        amount_minor=given.amount_minor,
        state="asked",
        authorised_minor=0,
        captured_minor=0,
        refunding_minor=0,
        refunded_minor=0,
        disputed_minor=0,
        change_minor=given.change_minor,
        instalments=given.instalments,
        is_late=False,
        why="",
        asked_at=now.astimezone(UTC),
        captured_at=None,
    )


def _as_opened(intent_id: int, new: NewIntent, tenders: Sequence[Tender], now: datetime) -> Intent:
    """An intent as it was written a moment ago: to read it again would cost as much as it did."""
    return Intent(
        id=intent_id,
        key=new.key,
        document=new.document,
        subject=new.subject,
        currency=new.currency,
        amount_minor=new.amount_minor,
        state="open",
        received_minor=0,
        refunded_minor=0,
        authorise_only=new.authorise_only,
        opened_at=now.astimezone(UTC),
        expires_at=new.expires_at.astimezone(UTC),
        ended_at=None,
        tenders=tuple(tenders),
    )
