"""Keys of nobody, made anew for each run of the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID


@cache
def key_of(name: str) -> RSAPrivateKey:
    """The key of somebody, the same one throughout a run."""
    assert name
    return generate_private_key(public_exponent=65_537, key_size=2_048)


def private_pem(name: str, *, kind: PrivateFormat = PrivateFormat.PKCS8) -> str:
    """Somebody's private key as text."""
    return key_of(name).private_bytes(Encoding.PEM, kind, NoEncryption()).decode()


def public_pem(name: str) -> str:
    """Somebody's public key as text."""
    public = key_of(name).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@cache
def certificate_pem(name: str, *, serial: int = 4_711) -> str:
    """A certificate of somebody's key, signed by themselves."""
    issuer = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nobody"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Nobody at all"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Authority of {name}"),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key_of(name).public_key())
        .serial_number(serial)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key_of(name), SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()
