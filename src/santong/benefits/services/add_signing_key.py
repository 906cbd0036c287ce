"""The merchant gets another key pair for offline codes."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Max

from santong.benefits.contracts.offline import PublicKey
from santong.benefits.models import SigningKey
from santong.benefits.selectors.offline import KEY_PLACE
from santong.benefits.services.insert import insert
from santong.kernel import audit, crypto
from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing

# The version is one byte of a code.
MOST_VERSIONS = 255


@all_or_nothing
def add_signing_key(*, merchant_id: int, reason: str, now: datetime) -> PublicKey:
    """Make a key pair; new codes are signed with it, and old ones hold as long as they would have.

    Raises FieldInvalid, Busy.
    """
    check_prose(reason)
    rows = SigningKey.objects.of_merchant(merchant_id)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    if version > MOST_VERSIONS:
        raise FieldInvalid(pointer="/version", reason=f"at most {MOST_VERSIONS} keys")
    private = Ed25519PrivateKey.generate()
    row = SigningKey(
        merchant_id=merchant_id,
        version=version,
        public=private.public_key().public_bytes_raw(),
        private_sealed=crypto.encrypt(
            merchant_id=merchant_id,
            plain=private.private_bytes_raw(),
            place=KEY_PLACE.format(version),
        ),
        created_at=now,
    )
    insert(row, taken=Busy(), constraint="one_signing_key_per_version")
    audit.record(
        audit.Change(
            action="benefits.add_signing_key",
            subject="benefit_key",
            subject_id=row.id,
            reason=reason,
            after={"version": version},
        ),
        now=now,
    )
    return PublicKey(version=version, public=bytes(row.public))
