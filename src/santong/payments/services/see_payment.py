"""What a provider says of a payment becomes what we know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.kernel import audit, crypto, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, texts
from santong.payments.contracts import (
    INTENT_STATES,
    TENDER_STATES,
    IntentState,
    NewEntry,
    NewTxn,
    Seen,
    Taken,
    TenderState,
)
from santong.payments.events import MoneyReceived
from santong.payments.rules.books import SOURCE, received, received_from_card
from santong.payments.rules.payers import payer_place
from santong.payments.rules.tenders import LIVE, LIVE_INTENT, After, after_seen, intent_after
from santong.payments.selectors.statements import Values, numbers, run, values_of
from santong.payments.services.post import post

LOCK: Final = """
SELECT id FROM payments_intent WHERE merchant_id = %(merchant)s::bigint AND id = (
  SELECT intent_id FROM payments_tender
  WHERE merchant_id = %(merchant)s::bigint AND reference = %(reference)s::text
) FOR NO KEY UPDATE
"""
# A tender changes under its intent's lock only, so this one's snapshot shows its newest row.
LOOK: Final = """
SELECT t.id, t.state, t.amount_minor, t.authorised_minor, t.account_id, a.code, a.method,
  i.id AS intent_id, i.state AS intent_state, i.document, i.currency, i.amount_minor AS whole,
  i.received_minor, i.authorised_minor AS authorised, i.planned_minor
FROM payments_tender t
JOIN payments_intent i ON i.id = t.intent_id
JOIN payments_paymentaccount a ON a.id = t.account_id
WHERE t.merchant_id = %(merchant)s::bigint AND t.reference = %(reference)s::text
"""
WRITE: Final = """
WITH tender AS (
  UPDATE payments_tender SET state = %(state)s::text, authorised_minor = %(authorised)s::bigint,
    captured_minor = captured_minor + %(captured)s::bigint, is_late = is_late OR %(late)s::boolean,
    captured_at = CASE WHEN %(captured)s::bigint > 0 THEN %(at)s::timestamptz
      ELSE captured_at END,
    their_reference = CASE WHEN %(theirs)s::text <> '' THEN %(theirs)s::text
        ELSE their_reference END,
    payer_sealed = coalesce(%(payer)s::bytea, payer_sealed), why = %(why)s::text,
    programme = %(programme)s::text, principal_minor = principal_minor + %(principal)s::bigint
  WHERE merchant_id = %(merchant)s::bigint AND id = %(tender)s::bigint
), intent AS (
  UPDATE payments_intent SET state = %(intent_state)s::text,
    received_minor = received_minor + %(captured)s::bigint,
    authorised_minor = authorised_minor + %(more_authorised)s::bigint,
    planned_minor = planned_minor + %(more_planned)s::bigint,
    ended_at = CASE WHEN %(intent_state)s::text = 'paid' THEN coalesce(ended_at,
      %(now)s::timestamptz)
      ELSE ended_at END
  WHERE merchant_id = %(merchant)s::bigint AND id = %(intent)s::bigint
), moved AS (
  INSERT INTO payments_movement (merchant_id, account_id, kind, reference, their_reference,
    amount_minor, currency, moved_at, recorded_at, document, subject, txn_id)
  SELECT %(merchant)s::bigint, %(account)s::bigint, m.kind, %(reference)s::text, %(theirs)s::text,
    m.amount,
    %(currency)s::text, %(at)s::timestamptz, %(now)s::timestamptz, %(document)s::text,
    'tender:' || %(tender)s::bigint, x.id
  FROM unnest(%(kinds)s::text[], %(moved)s::bigint[]) AS m(kind, amount), payments_txn x
  WHERE x.merchant_id = %(merchant)s::bigint AND x.source = %(source)s::text
    AND x.key = %(txn_key)s::text
), next AS (
  UPDATE payments_work SET due_at = NULL, claimed_until = NULL
  WHERE merchant_id = %(merchant)s::bigint AND about = 'payment' AND subject_id = %(tender)s::bigint
    AND %(ended)s::boolean
)
UPDATE payments_work SET step = 'close', due_at = %(now)s::timestamptz, attempts = 0,
  claim = claim + 1, claimed_until = NULL
WHERE %(closes)s::boolean AND merchant_id = %(merchant)s::bigint AND about = 'payment'
  AND subject_id = ANY (ARRAY(
    SELECT id FROM payments_tender
    WHERE merchant_id = %(merchant)s::bigint AND intent_id = %(intent)s::bigint
      AND id <> %(tender)s::bigint AND state IN ('asked', 'waiting', 'authorised')
  ))
"""
_LOCK: Final = Statement(LOCK)
_LOOK: Final = Statement(LOOK)
_WRITE: Final = Statement(WRITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A tender and its intent, locked."""

    merchant_id: int
    reference: str
    tender_id: int
    state: TenderState
    amount_minor: int
    authorised_minor: int
    account_id: int
    account_code: str
    method: str
    intent_id: int
    intent_state: IntentState
    document: str
    currency: str
    whole_minor: int
    received_minor: int
    authorised_of_intent: int
    planned_minor: int


@all_or_nothing
def see_payment(
    *,
    merchant_id: int,
    reference: str,
    seen: Seen,
    now: datetime,
    taken: Taken | None = None,
    programme: str = "",
) -> After:
    """Take in how a payment stands. Seen twice, late or out of order, it has its effect once.

    Money that came in is booked, whatever we had thought of the payment before; whoever owns the
    document hears of it and says what goes back. When an intent is paid, its other parts are
    closed. `taken` is what came out of a card of `programme`.

    Raises NoSuch. Emits MoneyReceived. Locks the intent, then accounts of the ledger.
    """
    held = lock_payment(merchant_id=merchant_id, reference=reference)
    after = after_seen(
        state=held.state,
        authorised_minor=held.authorised_minor,
        amount_minor=held.amount_minor,
        seen=seen,
    )
    if not after.is_change:
        return after
    at = seen.at or now
    if after.captured_minor:
        post(
            merchant_id=merchant_id,
            source=SOURCE,
            txn=NewTxn(
                key=f"received:{reference}",
                kind="received",
                entries=_entries(held, after, seen, taken, programme),
                occurred_at=at,
                reference=held.document,
            ),
            now=now,
        )
    _write(held, after, seen, taken=taken, programme=programme, at=at, now=now)
    audit.record(_change(held, after, seen), now=now)
    if after.captured_minor:
        outbox.publish(_received(held, after, at), now=now)
    return after


def lock_payment(*, merchant_id: int, reference: str) -> Standing:
    """Take a payment's intent until the transaction ends; read how both stand. Raises NoSuch."""
    named: Values = {"merchant": merchant_id, "reference": reference}
    _LOCK.later(values_of(named))
    rows = run(_LOOK, named)
    if not rows:
        raise NoSuch(kind="tender", key=reference)
    (
        tender_id,
        state,
        amount,
        authorised,
        account_id,
        code,
        method,
        intent_id,
        intent_state,
        document,
        currency,
        whole,
        received_minor,
        authorised_of_intent,
        planned,
    ) = rows[0]
    return Standing(
        merchant_id=merchant_id,
        reference=reference,
        tender_id=tender_id,
        state=TENDER_STATES[TENDER_STATES.index(state)],
        amount_minor=amount,
        authorised_minor=authorised,
        account_id=account_id,
        account_code=code,
        method=method,
        intent_id=intent_id,
        intent_state=INTENT_STATES[INTENT_STATES.index(intent_state)],
        document=document,
        currency=currency,
        whole_minor=whole,
        received_minor=received_minor,
        authorised_of_intent=authorised_of_intent,
        planned_minor=planned,
    )


def _entries(
    held: Standing, after: After, seen: Seen, taken: Taken | None, programme: str
) -> tuple[NewEntry, ...]:
    if taken is not None:
        return received_from_card(
            currency=held.currency,
            document=held.document,
            programme=programme,
            principal_minor=taken.principal_minor,
            bonus_minor=taken.bonus_minor,
        )
    return received(
        currency=held.currency,
        document=held.document,
        account=held.account_code,
        amount_minor=after.captured_minor,
        fee_minor=seen.fee_minor,
    )


def _write(
    held: Standing,
    after: After,
    seen: Seen,
    *,
    taken: Taken | None,
    programme: str,
    at: datetime,
    now: datetime,
) -> None:
    was_live = held.state in LIVE
    # What is authorised counts while it is neither captured nor let go.
    authorised_now = after.authorised_minor if after.state == "authorised" else 0
    authorised_then = held.authorised_minor if held.state == "authorised" else 0
    more_authorised = authorised_now - authorised_then
    intent_state = intent_after(
        state=held.intent_state,
        amount_minor=held.whole_minor,
        received_minor=held.received_minor + after.captured_minor,
        authorised_minor=held.authorised_of_intent + more_authorised,
    )
    has_ended = after.state not in LIVE
    moved = [("payment", after.captured_minor), ("fee", -seen.fee_minor)]
    booked = [each for each in moved if each[1] and after.captured_minor and taken is None]
    _WRITE.later(
        values_of(
            {
                "merchant": held.merchant_id,
                "tender": held.tender_id,
                "intent": held.intent_id,
                "account": held.account_id,
                "reference": held.reference,
                "state": after.state,
                "authorised": after.authorised_minor,
                "captured": after.captured_minor,
                "late": str(after.is_late),
                "at": at,
                "theirs": seen.their_reference[:128],
                "payer": _payer(held, seen),
                "why": seen.why[:120],
                "programme": programme,
                "principal": taken.principal_minor if taken else 0,
                "intent_state": intent_state,
                "more_authorised": more_authorised,
                "more_planned": _more_planned(held, after, was_live=was_live),
                "now": now,
                "currency": held.currency,
                "document": held.document,
                "source": SOURCE,
                "txn_key": f"received:{held.reference}",
                "kinds": texts(kind for kind, _ in booked),
                "moved": numbers(amount for _, amount in booked),
                "ended": str(has_ended),
                "closes": str(intent_state == "paid" and held.intent_state in LIVE_INTENT),
            }
        )
    )


def _more_planned(held: Standing, after: After, *, was_live: bool) -> int:
    """A live or received part is planned for; one that ended without money is not."""
    if after.captured_minor:
        return after.captured_minor - (held.amount_minor if was_live else 0)
    return -held.amount_minor if was_live and after.state not in LIVE else 0


def _payer(held: Standing, seen: Seen) -> str | None:
    if not seen.payer:
        return None
    sealed = crypto.encrypt(
        merchant_id=held.merchant_id,
        plain=seen.payer.encode(),
        place=payer_place(held.reference),
    )
    return "\\x" + sealed.hex()


def _change(held: Standing, after: After, seen: Seen) -> audit.Change:
    return audit.Change(
        action="payments.see_payment",
        subject="payment_intent",
        subject_id=held.intent_id,
        reason=seen.why[:200] or f"{held.account_code}: {seen.state}",
        before={"tender": held.tender_id, "state": held.state},
        after={"state": after.state, "captured_minor": after.captured_minor},
    )


def _received(held: Standing, after: After, at: datetime) -> MoneyReceived:
    return MoneyReceived(
        intent_id=held.intent_id,
        tender_id=held.tender_id,
        document=held.document,
        account_code=held.account_code,
        method=held.method,
        reference=held.reference,
        currency=held.currency,
        amount_minor=after.captured_minor,
        received_at=at,
        is_late=after.is_late,
    )
