"""pgbench sends the product's own payment, statement for statement: the limit for `money`.

A payment is two transactions on both sides, with the same statements, parameters and order; both
keep statements whose answer nobody waits for back until the next trip. pgbench reads no answer
within a pipeline, so it asks for an intent in a trip of its own: it makes six, the product five.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from _ledger_limit import sent
from _money_clients import LEAST_MINOR, MOST_MINOR
from _money_merchant import ACCOUNT, CURRENCY, FEE_PER_MILLION, Merchant
from _reserve_limit import Script

_SCOPE = """
\\startpipeline
BEGIN;
SET LOCAL search_path TO "{schema}", public;
SET LOCAL santong.merchant_id TO '{merchant}';
SET LOCAL santong.system TO 'off';
SELECT directory.stay({merchant}, {cell});
"""
_TRIPS = """
\\set number random(1, 1000000000000000000)
\\set amount random({least}, {most})
\\set fee :amount * {fee_per_million} / 1000000
{scope}
\\endpipeline
{ask};
\\gset
\\startpipeline
{ask_trail};
COMMIT;
\\endpipeline
{scope}
{lock};
{look};
\\endpipeline
\\startpipeline
{lock_accounts};
{post};
\\endpipeline
\\startpipeline
{take_in};
{see_trail};
{fact};
COMMIT;
\\endpipeline
"""
_HASH = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"


@dataclass(frozen=True, slots=True)
class Statements:
    """The texts that the product sends for a payment."""

    ask: str
    lock: str
    look: str
    lock_accounts: str
    post: str
    take_in: str
    trail: str
    fact: str


def payment_script(*, statements: Statements, merchant: Merchant) -> Script:
    """The product's statements with pgbench's variables where the product has values."""
    now = datetime.now(UTC)
    constants = {
        "merchant": str(merchant.merchant_id),
        "now": now.isoformat(),
        "expires": (now + timedelta(hours=1)).isoformat(),
        "actor": "system:system",
        "actor_kind": "system",
        "actor_id": "system",
        "currency": CURRENCY,
        "asset": f"money:{CURRENCY}",
        "account_code": ACCOUNT,
        "subject": "羊绒大衣",
        "hash": _HASH,
        "source": "payments",
        "here": "external",
        "order": "order:",
        "received": "received:",
        "see": "payments.see_payment",
        "open": "payments.open_intent",
        "trail_subject": "payment_intent",
        "opened": json.dumps(
            {"amount_minor": 10000, "currency": CURRENCY, "tenders": [[ACCOUNT, 10000]]}
        ),
        "before": json.dumps({"tender": 1000, "state": "asked"}),
        "after": json.dumps({"state": "captured", "captured_minor": 10000}),
        "fact_name": "payments.money_received.v1",
        "fact_body": json.dumps(
            {
                "intent_id": 1000,
                "tender_id": 1000,
                "document": "order:1795371600000000000-1-100",
                "account_code": ACCOUNT,
                "method": "wechat_pay",
                "reference": "261122000000000000000000000000",
                "currency": CURRENCY,
                "amount_minor": 10000,
                "received_at": now.isoformat(),
                "is_late": False,
            }
        ),
    }
    given = {name: f":{name}" for name in constants}
    scope = _SCOPE.format(schema=merchant.schema, merchant=merchant.merchant_id, cell=merchant.cell)
    text = _TRIPS.format(
        least=LEAST_MINOR,
        most=MOST_MINOR,
        fee_per_million=FEE_PER_MILLION,
        scope=scope,
        ask=sent(statements.ask, given | _ASKED),
        ask_trail=sent(statements.trail, given | _trail("open", "opened", before="'{}'")),
        lock=sent(statements.lock, given | _REFERENCE),
        look=sent(statements.look, given | _REFERENCE),
        lock_accounts=sent(statements.lock_accounts, given | _LOCKED),
        post=sent(statements.post, given | _POSTED),
        take_in=sent(statements.take_in, given | _REFERENCE | _TAKEN_IN),
        see_trail=sent(statements.trail, given | _trail("see", "after", before=":before")),
        fact=sent(statements.fact, given | _TOLD),
    )
    return Script(text=text, constants=constants)


_NUMBER = "CAST(:number AS bigint)"
_THE_REFERENCE = f"'261122' || lpad(to_hex({_NUMBER}), 24, '0')"
_DOCUMENT = f"CAST(:order AS text) || {_NUMBER}"
_TXN_KEY = f"CAST(:received AS text) || {_THE_REFERENCE}"
_REFERENCE: Mapping[str, str] = {"reference": _THE_REFERENCE}
_ASKED: Mapping[str, str] = {
    "key": _DOCUMENT,
    "document": _DOCUMENT,
    "amount": ":amount",
    "authorise_only": "'False'",
    "return_url": "''",  # pgbench knows no empty variable
    "count": "1",
    "codes": "ARRAY[:account_code]",
    "references": f"ARRAY[{_THE_REFERENCE}]",
    "amounts": "ARRAY[:amount]",
    "ways": "ARRAY['qr']",
    "tokens": "ARRAY[NULL]",
    "changes": "ARRAY[0]",
    "instalments": "ARRAY[1]",
    "asked": "ARRAY['True']",
    "here": "ARRAY[:here]",
}
_ACCOUNTS: Mapping[str, str] = {"assets": "ARRAY[:asset, :asset, :asset]"}
_KINDS = "ARRAY['document', 'at_provider', 'fees']"
_OWNERS = f"ARRAY[{_DOCUMENT}, CAST(:account_code AS text), CAST(:account_code AS text)]"
_LOCKED: Mapping[str, str] = {**_ACCOUNTS, "kinds": _KINDS, "owners": _OWNERS}
_POSTED: Mapping[str, str] = {
    **_ACCOUNTS,
    "keys": f"ARRAY[{_TXN_KEY}]",
    "hashes": "ARRAY[:hash]",
    "kinds": "ARRAY['received']",
    "references": f"ARRAY[{_DOCUMENT}]",
    "reasons": "ARRAY['']",
    "occurred": "ARRAY[:now]",
    "txn_places": "ARRAY[1, 1, 1]",
    "account_kinds": _KINDS,
    "owners": _OWNERS,
    "amounts": (
        "ARRAY[CAST(:amount AS bigint), CAST(:fee AS bigint) - CAST(:amount AS bigint),"
        " - CAST(:fee AS bigint)]"
    ),
    "expiries": "ARRAY[NULL, NULL, NULL]",
    "lots_of": "ARRAY[NULL, NULL, NULL]",
    "count": "3",
}
_TAKEN_IN: Mapping[str, str] = {
    "tender": ":tender_id",
    "intent": ":intent_id",
    "account": ":account_id",
    "state": "'captured'",
    "authorised": "0",
    "captured": ":amount",
    "late": "'False'",
    "at": ":now",
    "theirs": f"'sp' || {_THE_REFERENCE}",
    "payer": "NULL",
    "why": "''",
    "programme": "''",
    "principal": "0",
    "intent_state": "'paid'",
    "more_authorised": "0",
    "more_planned": "0",
    "document": _DOCUMENT,
    "txn_key": _TXN_KEY,
    "kinds": "ARRAY['payment', 'fee']",
    "moved": "ARRAY[CAST(:amount AS bigint), - CAST(:fee AS bigint)]",
    "ended": "'True'",
    "closes": "'True'",
}
_TOLD: Mapping[str, str] = {
    "request": "''",
    "names": "ARRAY[:fact_name]",
    "aggregates": f"ARRAY['document' || chr(58) || {_DOCUMENT}]",
    "bodies": "ARRAY[:fact_body]",
}


def _trail(action: str, after: str, *, before: str) -> Mapping[str, str]:
    return {
        "kind": ":actor_kind",
        "actor": ":actor_id",
        "name": ":actor_id",
        "request": "''",
        "actions": f"ARRAY[:{action}]",
        "subjects": "ARRAY[:trail_subject]",
        "ids": "ARRAY[:intent_id]",
        "reasons": f"ARRAY[{_DOCUMENT}]",
        "befores": f"ARRAY[{before}]",
        "afters": f"ARRAY[:{after}]",
    }
