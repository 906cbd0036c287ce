"""A buyer accepts: the terms are frozen, and hold from now on."""

from __future__ import annotations

import os
from datetime import datetime
from ipaddress import ip_address
from typing import Final

from santong.agreements import contracts
from santong.agreements.errors import (
    AgreementPassed,
    AlreadyAccepted,
    OfferOver,
    SignatureMissing,
)
from santong.agreements.events import AgreementAccepted, AgreementEnded
from santong.agreements.models import ChainLink, ServiceAgreement
from santong.agreements.rules.links import SALT_BYTES, canonical, commitment
from santong.agreements.rules.records import sentences_of
from santong.agreements.rules.terms import due_at
from santong.agreements.selectors.agreements import agreement_by_id
from santong.agreements.selectors.records import rebuilt, terms_of_row
from santong.agreements.selectors.settings import settings_of
from santong.agreements.services.books import add_link, lock_end
from santong.agreements.services.lock import lock_agreement
from santong.agreements.services.running import cancel_clocks, start_clocks
from santong.agreements.services.signature import signature
from santong.agreements.services.trail import write_down
from santong.evidence import public as evidence
from santong.kernel import attempts, crypto, outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

LONGEST_NAME: Final = 100
LONGEST_SIGNED_IN: Final = 60
_DECIDED: Final = ("accepted", "breached", "fulfilled")


@all_or_nothing
def accept(
    *, merchant_id: int, agreement_id: int, acceptance: contracts.Acceptance, now: datetime
) -> contracts.Agreement:
    """Accept an offer: its record is the next link of the merchant's chain, and its terms hold.

    What held before for the document is superseded. Accepted twice in the same name it is accepted
    once. The name is kept sealed, and stands in the record as a commitment only.

    Raises NoSuch, AgreementPassed, OfferOver, AlreadyAccepted, SignatureMissing, FieldInvalid.
    Emits AgreementAccepted, AgreementEnded. Locks the document, then the chain's end.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.state in _DECIDED:
        return _accepted_before(row, acceptance)
    if row.state != "offered":
        raise AgreementPassed(state=row.state)
    _check(row, acceptance, now=now)
    before = _in_force(row)
    _identify(row, acceptance, now=now)
    _supersede(before, row, now=now)
    row.state, row.accepted_at, row.supersedes = "accepted", now, before
    link = _freeze(row, before, now=now)
    row.save()
    start_clocks(row, now=now)
    write_down(row, "accept", before="offered", now=now)
    outbox.publish(
        AgreementAccepted(
            agreement_id=row.id,
            number=row.number,
            document=row.document,
            version=row.version,
            accepted_at=now,
            link_number=link.number,
            hash=link.hash,
            supersedes_id=before.id if before else None,
        ),
        now=now,
    )
    return agreement_by_id(merchant_id=merchant_id, agreement_id=row.id)


def _accepted_before(
    row: ServiceAgreement, acceptance: contracts.Acceptance
) -> contracts.Agreement:
    known = row.buyer()
    salt = bytes.fromhex(known["salt"])
    if not salt or commitment(name=acceptance.name.strip(), salt=salt) != row.name_commitment:
        raise AlreadyAccepted
    return agreement_by_id(merchant_id=row.merchant_id, agreement_id=row.id)


def _check(row: ServiceAgreement, acceptance: contracts.Acceptance, *, now: datetime) -> None:
    assert row.expires_at is not None
    if now >= row.expires_at:
        raise OfferOver
    name = acceptance.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_NAME} characters")
    if acceptance.how not in contracts.HOWS or len(acceptance.signed_in) > LONGEST_SIGNED_IN:
        raise FieldInvalid(pointer="/how", reason="one of " + ", ".join(contracts.HOWS))
    needs = settings_of(merchant_id=row.merchant_id).needs_signature
    if (needs or acceptance.how == "signature") and not acceptance.signature:
        raise SignatureMissing
    for term in terms_of_row(row):
        due = due_at(term.as_contract(), timezone=row.timezone)
        if due is not None and due <= now:
            raise OfferOver


def _in_force(row: ServiceAgreement) -> ServiceAgreement | None:
    rows = ServiceAgreement.objects.of_merchant(row.merchant_id)
    return rows.filter(document=row.document, state__in=contracts.IN_FORCE).first()


def _identify(row: ServiceAgreement, acceptance: contracts.Acceptance, *, now: datetime) -> None:
    """Who accepts, and from where; the name goes into the record as a commitment."""
    name, salt = acceptance.name.strip(), os.urandom(SALT_BYTES)
    row.seal_buyer(accepted_name=name, salt=salt.hex())
    row.name_commitment = commitment(name=name, salt=salt)
    row.accepted_how = acceptance.how
    row.signed_in = acceptance.signed_in
    row.address_family, row.network_hash = _network(row.merchant_id, acceptance.address)
    if acceptance.signature:
        kept = evidence.add(
            merchant_id=row.merchant_id,
            subject=row.subject,
            kind="signature",
            content=acceptance.signature,
            name="signature.png",
            taken_at=now,
            geo=None,
            by=signature(),
            now=now,
        )
        row.signature_id = kept.id
    files = evidence.of_subject(merchant_id=row.merchant_id, subject=row.subject)
    row.files = [each.sha256 for each in files if each.erased_at is None]


def _network(merchant_id: int, address: str) -> tuple[str, str]:
    """The family of an address, and a keyed hash of its network: who has the key can compare."""
    try:
        family = f"ipv{ip_address(address).version}"
    except ValueError:
        return "", ""
    hashed = crypto.blind_index(
        merchant_id=merchant_id,
        value=attempts.network_of(address),
        purpose="agreements.network",
    )
    return family, hashed.hex()


def _supersede(before: ServiceAgreement | None, row: ServiceAgreement, *, now: datetime) -> None:
    if before is None:
        return
    was = before.state
    before.state, before.ended_at, before.superseded_by = "superseded", now, row
    before.end_reason = "a newer agreement was accepted"
    before.save(update_fields=["state", "ended_at", "superseded_by", "end_reason"])
    cancel_clocks(before, now=now)
    write_down(before, "supersede", before=was, now=now)
    outbox.publish(
        AgreementEnded(
            agreement_id=before.id,
            document=before.document,
            state=before.state,
            reason=before.end_reason,
        ),
        now=now,
    )


def _freeze(row: ServiceAgreement, before: ServiceAgreement | None, *, now: datetime) -> ChainLink:
    end = lock_end(merchant_id=row.merchant_id)
    terms = [term.as_contract() for term in terms_of_row(row)]
    record = rebuilt(
        row,
        sentences=sentences_of(terms, currency=row.currency),
        supersedes=_hash_of(before),
        link_number=end.links + 1,
        prev_hash=end.head_hash,
    )
    return add_link(end, agreement_id=row.id, written=canonical(record), now=now)


def _hash_of(before: ServiceAgreement | None) -> str:
    if before is None:
        return ""
    rows = ChainLink.objects.of_merchant(before.merchant_id).filter(agreement_id=before.id)
    return rows.values_list("hash", flat=True).first() or ""
