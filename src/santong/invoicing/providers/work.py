"""Invoices on their way: claimed in one transaction, asked for in none, settled in the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from santong.invoicing import contracts
from santong.invoicing.providers import issuer_named
from santong.invoicing.services.claim_work import Parcel, claim_work
from santong.invoicing.services.settle_work import Outcome, settle_work
from santong.kernel import tenancy

REQUEST_ID = "job:invoicing.work_off"


def work_off(*, merchant_id: int, clock: Callable[[], datetime], most: int = 20) -> int:
    """Make the calls that are due for one merchant; say how many. No scope is open."""
    with tenancy.scope(merchant_id=merchant_id, request_id=REQUEST_ID):
        parcels = claim_work(merchant_id=merchant_id, most=most, now=clock())
    for parcel in parcels:
        outcome, why = _called(parcel)
        with tenancy.scope(merchant_id=merchant_id, request_id=REQUEST_ID):
            settle_work(
                merchant_id=merchant_id, parcel=parcel, outcome=outcome, why=why, now=clock()
            )
    return len(parcels)


def _called(parcel: Parcel) -> tuple[Outcome, str]:
    issuer = issuer_named(parcel.issuer)
    if issuer is None:
        return None, "no such issuer is plugged in"
    try:
        return _answer(issuer, parcel), ""
    except contracts.Unreachable as failure:
        return None, str(failure)


def _answer(issuer: contracts.InvoiceIssuer, parcel: Parcel) -> Outcome:
    access, reference = parcel.access, parcel.reference
    if parcel.step == "query":
        return issuer.query(access=access, reference=reference)
    if parcel.step == "await":
        return issuer.query_confirmation(access=access, reference=reference)
    if parcel.blue is not None:
        return issuer.issue(access=access, ask=parcel.blue)
    assert parcel.red is not None, "an invoice is blue or red"
    if parcel.step == "confirm":
        return issuer.red_confirm(access=access, ask=parcel.red)
    return issuer.red_issue(access=access, ask=parcel.red, confirmation=parcel.confirmation)
