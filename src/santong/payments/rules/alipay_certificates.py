"""By which numbers Alipay names certificates: whoever pays out names them in each call."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from cryptography import x509

_SIGNED_WITH_RSA: Final = "1.2.840.113549.1.1"
_EACH: Final = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def certificate_number(*, pem: str) -> str:
    """The number of one certificate: a digest of its issuer and serial. Raises ValueError."""
    return _number(x509.load_pem_x509_certificate(pem.encode()))


def root_number(*, pem: str) -> str:
    """The number of Alipay's roots: of those signed with RSA, one after the other.

    Its file also has roots of other kinds, of which one is not even well written. Raises
    ValueError where none is left.
    """
    numbers: list[str] = []
    for each in _EACH.findall(pem):
        try:
            root = x509.load_pem_x509_certificate(each.encode())
        except ValueError:
            continue
        if root.signature_algorithm_oid.dotted_string.startswith(_SIGNED_WITH_RSA):
            numbers.append(_number(root))
    if not numbers:
        raise ValueError("no root")
    return "_".join(numbers)


def _number(certificate: x509.Certificate) -> str:
    text = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
