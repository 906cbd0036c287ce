"""By which numbers Alipay names certificates: whoever pays out names them in each call."""

from __future__ import annotations

import hashlib

from cryptography import x509

_SIGNED_WITH_RSA = "1.2.840.113549.1.1"


def certificate_number(*, pem: str) -> str:
    """The number of one certificate: a digest of its issuer and serial. Raises ValueError."""
    return _number(x509.load_pem_x509_certificate(pem.encode()))


def root_number(*, pem: str) -> str:
    """The number of Alipay's roots: of those signed with RSA, one after the other."""
    roots = x509.load_pem_x509_certificates(pem.encode())
    return "_".join(
        _number(root)
        for root in roots
        if root.signature_algorithm_oid.dotted_string.startswith(_SIGNED_WITH_RSA)
    )


def _number(certificate: x509.Certificate) -> str:
    text = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
