"""Terms are offered to a buyer, by a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from santong.agreements import contracts
from santong.agreements.errors import AgreementPassed
from santong.agreements.events import AgreementEnded, AgreementOffered
from santong.agreements.models import ServiceAgreement
from santong.agreements.selectors.agreements import agreement_by_id
from santong.agreements.selectors.links import token_of
from santong.agreements.selectors.settings import settings_of
from santong.agreements.services.lock import lock_agreement, lock_document
from santong.agreements.services.make import keep_terms, make
from santong.agreements.services.signature import signature
from santong.agreements.services.trail import write_down
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

MOST_OFFER_DAYS = 90


@all_or_nothing
def offer(
    *,
    merchant_id: int,
    new: contracts.NewAgreement,
    offer_days: int | None = None,
    now: datetime,
) -> contracts.Offered:
    """Offer terms for a document; what was accepted before holds until this is accepted.

    An offer that stands open is superseded.

    Raises FieldInvalid, NoSuch, NothingSold. Emits AgreementOffered, AgreementEnded. Locks the
    document.
    """
    lock_document(merchant_id=merchant_id, document=new.document)
    row = make(merchant_id=merchant_id, new=new, state="draft", now=now)
    row.save(force_insert=True)
    keep_terms(row, new.terms, now=now)
    return _offered(row, offer_days, before="", now=now)


@all_or_nothing
def offer_draft(
    *, merchant_id: int, agreement_id: int, offer_days: int | None = None, now: datetime
) -> contracts.Offered:
    """Offer what was written down; see `offer`.

    Raises NoSuch, AgreementPassed, FieldInvalid. Emits AgreementOffered, AgreementEnded. Locks the
    document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.state != "draft":
        raise AgreementPassed(state=row.state)
    known = agreement_by_id(merchant_id=merchant_id, agreement_id=row.id)
    keep_terms(row, known.terms, now=now)  # a window may have passed since
    return _offered(row, offer_days, before="draft", now=now)


@all_or_nothing
def supersede(
    *,
    merchant_id: int,
    agreement_id: int,
    terms: Sequence[contracts.Term],
    offer_days: int | None = None,
    now: datetime,
) -> contracts.Offered:
    """Offer other terms for the document of an agreement; see `offer`.

    Raises NoSuch, AgreementPassed, FieldInvalid, NothingSold. Emits AgreementOffered,
    AgreementEnded. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.state not in {"offered", *contracts.IN_FORCE}:
        raise AgreementPassed(state=row.state)
    buyer = row.buyer()
    new = contracts.NewAgreement(
        document=row.document,
        terms=tuple(terms),
        total_minor=row.total_minor,
        currency=row.currency,
        category=row.category,  # type: ignore[arg-type]  # one of the words
        location_id=row.location_id,
        buyer=contracts.Buyer(name=buyer["name"], phone=buyer["phone"]),
    )
    return offer(merchant_id=merchant_id, new=new, offer_days=offer_days, now=now)


@all_or_nothing
def renew_link(*, merchant_id: int, agreement_id: int, now: datetime) -> contracts.Offered:
    """Another link for the buyer: those that were given so far open nothing any more.

    Raises NoSuch, AgreementPassed. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.state == "draft":
        raise AgreementPassed(state=row.state)
    row.link_round += 1
    row.save(update_fields=["link_round"])
    write_down(row, "renew_link", before=row.state, now=now)
    return _with_token(row)


def _offered(
    row: ServiceAgreement, offer_days: int | None, *, before: str, now: datetime
) -> contracts.Offered:
    days = settings_of(merchant_id=row.merchant_id).offer_days if offer_days is None else offer_days
    if not 0 < days <= MOST_OFFER_DAYS:
        raise FieldInvalid(pointer="/offer_days", reason=f"1 to {MOST_OFFER_DAYS}")
    _supersede_open_offer(row, now=now)
    row.state = "offered"
    row.offered_at, row.offered_by = now, signature()
    row.expires_at = now + timedelta(days=days)
    row.save()
    write_down(row, "offer", before=before, now=now)
    outbox.publish(
        AgreementOffered(
            agreement_id=row.id,
            number=row.number,
            document=row.document,
            version=row.version,
            expires_at=row.expires_at,
        ),
        now=now,
    )
    return _with_token(row)


def _with_token(row: ServiceAgreement) -> contracts.Offered:
    found = agreement_by_id(merchant_id=row.merchant_id, agreement_id=row.id)
    return contracts.Offered(
        agreement=found, token=token_of(merchant_id=row.merchant_id, agreement=found)
    )


def _supersede_open_offer(row: ServiceAgreement, *, now: datetime) -> None:
    rows = ServiceAgreement.objects.of_merchant(row.merchant_id).filter(
        document=row.document, state="offered"
    )
    for older in rows:
        older.state, older.ended_at, older.superseded_by = "superseded", now, row
        older.end_reason = "another offer"
        older.save(update_fields=["state", "ended_at", "superseded_by", "end_reason"])
        write_down(older, "supersede", before="offered", now=now)
        outbox.publish(
            AgreementEnded(
                agreement_id=older.id,
                document=older.document,
                state=older.state,
                reason=older.end_reason,
            ),
            now=now,
        )
