"""A paper is signed with the merchant's own key, which is made on first use."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from santong.agreements.models import SigningKey
from santong.agreements.models.chain import key_place
from santong.agreements.rules.apart import apart
from santong.agreements.selectors.papers import RECORD_NAME, certificate_of
from santong.kernel import crypto
from santong.merchants import public as merchants

_VALID_FOR = timedelta(days=365 * 20)
_FIELD = "Santong"


def signed(*, merchant_id: int, paper: bytes, record: bytes, reason: str, now: datetime) -> bytes:
    """The paper with the record in it, signed as a whole. Any change breaks the signature."""
    row = _key(merchant_id=merchant_id, now=now)
    secret = crypto.decrypt(merchant_id=merchant_id, sealed=bytes(row.key_sealed), place=row.place)
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate_of(row)),
        signing_key=asn1_keys.PrivateKeyInfo.load(secret),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    embed_file(
        writer,
        FileSpec(
            file_spec_string=RECORD_NAME,
            embedded_data=EmbeddedFileObject.from_file_data(
                writer, data=record, mime_type="application/json"
            ),
        ),
    )
    meta = signers.PdfSignatureMetadata(field_name=_FIELD, md_algorithm="sha256", reason=reason)
    made: bytes = apart(lambda: signers.sign_pdf(writer, meta, signer=signer)).getvalue()
    return made


def _key(*, merchant_id: int, now: datetime) -> SigningKey:
    rows = SigningKey.objects.of_merchant(merchant_id).order_by("-serial")
    found = rows.first()
    if found is None:
        SigningKey.objects.bulk_create([_made(merchant_id, now)], ignore_conflicts=True)
        found = rows.first()
    assert found is not None
    return found


def _made(merchant_id: int, now: datetime) -> SigningKey:
    key, serial = ec.generate_private_key(ec.SECP256R1()), 1
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, _named(merchant_id)),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"{merchant_id}-{serial}"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID_FOR)
        .add_extension(_usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SigningKey(
        merchant_id=merchant_id,
        serial=serial,
        key_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=secret, place=key_place(serial=serial)
        ),
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        made_at=now,
    )


def _named(merchant_id: int) -> str:
    return merchants.merchant(merchant_id=merchant_id).name[:64] or str(merchant_id)


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
