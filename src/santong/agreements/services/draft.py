"""Terms are written down, before anybody is offered them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.agreements import contracts
from santong.agreements.errors import AgreementPassed
from santong.agreements.selectors.agreements import agreement_by_id
from santong.agreements.services.lock import lock_agreement, lock_document
from santong.agreements.services.make import keep_terms, make
from santong.agreements.services.trail import write_down
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def draft(*, merchant_id: int, new: contracts.NewAgreement, now: datetime) -> contracts.Agreement:
    """Write the next version of a document's agreement down; nobody is offered it yet.

    An order says itself what it comes to. Raises FieldInvalid, NoSuch, NothingSold. Locks the
    document.
    """
    lock_document(merchant_id=merchant_id, document=new.document)
    row = make(merchant_id=merchant_id, new=new, state="draft", now=now)
    row.save(force_insert=True)
    keep_terms(row, new.terms, now=now)
    write_down(row, "draft", before="", now=now)
    return agreement_by_id(merchant_id=merchant_id, agreement_id=row.id)


@all_or_nothing
def revise(
    *, merchant_id: int, agreement_id: int, terms: Sequence[contracts.Term], now: datetime
) -> contracts.Agreement:
    """Give a draft other terms. What was offered is never edited: a new version supersedes it.

    Raises NoSuch, AgreementPassed, FieldInvalid. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.state != "draft":
        raise AgreementPassed(state=row.state)
    keep_terms(row, terms, now=now)
    write_down(row, "revise", before="draft", now=now)
    return agreement_by_id(merchant_id=merchant_id, agreement_id=row.id)
