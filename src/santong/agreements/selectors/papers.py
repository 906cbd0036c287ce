"""The signed paper of an agreement: its bytes, its signature, and the record in it."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from santong.agreements.contracts import Finding
from santong.agreements.errors import NoPaper
from santong.agreements.models import ChainLink, ServiceAgreement, SigningKey
from santong.agreements.rules.apart import apart
from santong.agreements.rules.links import hash_of
from santong.evidence import public as evidence
from santong.kernel.errors import NoSuch

RECORD_NAME: Final = "record.json"
_WHERE: Final = "agreement.pdf"


def certificate_of(row: SigningKey) -> bytes:
    """A signing key's certificate, as DER."""
    found = x509.load_pem_x509_certificate(row.certificate.encode())
    return found.public_bytes(serialization.Encoding.DER)


def paper_of(*, merchant_id: int, agreement_id: int) -> bytes:
    """The signed paper. Raises NoPaper, EvidenceDamaged, FilesUnavailable."""
    row = ServiceAgreement.objects.of_merchant(merchant_id).filter(id=agreement_id).first()
    if row is None or row.paper_id is None:
        raise NoPaper
    try:
        return evidence.content_of(merchant_id=merchant_id, evidence_id=row.paper_id)
    except evidence.EvidenceErased:
        raise NoPaper from None


def findings_of_paper(row: ServiceAgreement) -> list[Finding]:
    """What is wrong with an agreement's paper; erased on request, nothing is."""
    if row.paper_id is None:
        return []
    try:
        kept = evidence.by_id(merchant_id=row.merchant_id, evidence_id=row.paper_id)
        if kept.erased_at is not None:
            return []
        paper = evidence.content_of(merchant_id=row.merchant_id, evidence_id=row.paper_id)
    except NoSuch:
        return [Finding(kind="paper_missing", where=_WHERE)]
    except evidence.EvidenceDamaged as damaged:
        kind: Any = "paper_missing" if damaged.fault == "missing" else "paper_altered"
        return [Finding(kind=kind, where=_WHERE, found=damaged.fault)]
    return findings_in(row, paper)


def findings_in(row: ServiceAgreement, paper: bytes) -> list[Finding]:
    """What is wrong with some bytes that are said to be an agreement's paper."""
    try:
        reader = PdfFileReader(io.BytesIO(paper))
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return [_altered(f"{len(signatures)} signatures")]
        return [*_of_signature(row, signatures[0]), *_of_record(row, reader)]
    except Exception as broken:  # noqa: BLE001  what was altered breaks the reader in any way
        return [_altered(type(broken).__name__)]


def _of_signature(row: ServiceAgreement, signature: Any) -> list[Finding]:
    signer = signature.signer_cert
    keys = SigningKey.objects.of_merchant(row.merchant_id)
    known = {certificate_of(key): key.made_at for key in keys}
    if signer is None or signer.dump() not in known:
        found = "" if signer is None else signer.sha256.hex()
        return [Finding(kind="paper_signature", where=_WHERE, expected="ours", found=found)]
    trust = _trust(signer, known[signer.dump()], row)
    status = apart(lambda: validate_pdf_signature(signature, trust))
    if not status.intact or not status.valid:
        return [_altered("the signature is of other bytes")]
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return [_altered("something was added after it was signed")]
    if not status.trusted:
        return [Finding(kind="paper_signature", where=_WHERE, found="not valid at its time")]
    return []


def _trust(
    signer: asn1_x509.Certificate, made_at: datetime, row: ServiceAgreement
) -> ValidationContext:
    return ValidationContext(
        trust_roots=[signer],
        moment=max(made_at, row.accepted_at or made_at),
        allow_fetching=False,
    )


def _of_record(row: ServiceAgreement, reader: PdfFileReader) -> list[Finding]:
    """The record in the paper against the chain's."""
    written = reader.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]["/F"].data
    link = ChainLink.objects.of_merchant(row.merchant_id).filter(agreement_id=row.id).first()
    if link is None or hash_of(written) == link.hash:
        return []
    return [Finding(kind="paper_record", where=_WHERE, expected=link.hash, found=hash_of(written))]


def _altered(found: str) -> Finding:
    return Finding(kind="paper_altered", where=_WHERE, found=found)
