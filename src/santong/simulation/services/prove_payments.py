"""What the books have of replayed payments, read through their doors and not from the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.simulation.contracts import Progress
from santong.simulation.rules.paid.outcome import PaidProof
from santong.simulation.rules.paid.plan import CURRENCY, METHODS, PaidOrder

AT_ONCE: Final = 200
NEWEST: Final = 2**62


def prove_payments(
    *, merchant_id: int, orders: Sequence[PaidOrder], progress: Progress
) -> PaidProof:
    """Add up what came in by way, by number of instalments and by order, and compare each order."""
    intents = 0
    count_by_method, minor_by_method = Counter[str](), Counter[str]()
    instalments = Counter[int]()
    for intent in _intents(merchant_id):
        intents += 1
        for tender in intent.tenders:
            count_by_method[tender.account_code] += 1
            minor_by_method[tender.account_code] += tender.captured_minor
            instalments[tender.instalments] += 1
    paid = paid_by_document(merchant_id=merchant_id, orders=orders)
    progress(1)
    return PaidProof(
        tenders_by_method={method: count_by_method[method] for method in METHODS},
        minor_by_method={method: minor_by_method[method] for method in METHODS},
        ledger_by_method=_ledger(merchant_id),
        tenders_by_instalments=dict(sorted(instalments.items())),
        intents=intents,
        orders_compared=len(orders),
        orders_differing=sum(paid[order.document] != order.paid_minor for order in orders),
    )


def paid_by_document(*, merchant_id: int, orders: Sequence[PaidOrder]) -> dict[str, int]:
    """What the ledger has for each order's document."""
    found: dict[str, int] = {}
    for start in range(0, len(orders), AT_ONCE):
        keys = {
            order.document: payments.document_account(currency=CURRENCY, document=order.document)
            for order in orders[start : start + AT_ONCE]
        }
        with tenancy.scope(merchant_id=merchant_id):
            stands = payments.balances(merchant_id=merchant_id, accounts=list(keys.values()))
        found |= {document: stands[key].posted for document, key in keys.items()}
    return found


def _intents(merchant_id: int) -> Iterator[payments.Intent]:
    below = NEWEST
    while True:
        with tenancy.scope(merchant_id=merchant_id):
            page = payments.intents_page(merchant_id=merchant_id, below_id=below, limit=AT_ONCE)
        if not page:
            return
        yield from page
        below = page[-1].id


def _ledger(merchant_id: int) -> dict[str, int]:
    """What lies where it was collected: the books keep it with the opposite sign."""
    keys = {
        method: payments.AccountKey(payments.asset_of(currency=CURRENCY), "at_provider", method)
        for method in METHODS
    }
    with tenancy.scope(merchant_id=merchant_id):
        stands = payments.balances(merchant_id=merchant_id, accounts=list(keys.values()))
    return {method: -stands[key].posted for method, key in keys.items()}
