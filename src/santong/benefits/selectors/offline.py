"""Keys for tills, offline codes, and what was used twice."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from santong.benefits.contracts.offline import DoubleUse, PublicKey
from santong.benefits.errors import CouponFrozen, CouponStatePassed
from santong.benefits.models import OfflineUpload, SigningKey
from santong.benefits.rules import offline
from santong.benefits.selectors.coupons import row_by_id
from santong.kernel import crypto
from santong.kernel.errors import NoSuch

KEY_PLACE = "benefits.signing_key:{}"
_LARGEST_ID = 2**63 - 1
_VALUES = ("value_minor", "off_minor", "off_basis_points", "minutes", "points", "quantity")


def public_keys(*, merchant_id: int) -> list[PublicKey]:
    """All that the merchant ever signed with, the newest first."""
    rows = SigningKey.objects.of_merchant(merchant_id).order_by("-version")
    return [PublicKey(version=row.version, public=bytes(row.public)) for row in rows]


def offline_code(*, merchant_id: int, coupon_id: int) -> str:
    """A coupon's offline code, signed with the newest key.

    Raises NoSuch, CouponStatePassed, CouponFrozen.
    """
    row = row_by_id(merchant_id=merchant_id, coupon_id=coupon_id)
    if row.state != "issued":
        raise CouponStatePassed(coupon_id=row.id, state=row.state, wanted="offline code")
    if row.is_frozen:
        raise CouponFrozen(coupon_id=row.id)
    key = _newest(merchant_id)
    batch = row.batch.as_contract()
    value = next((int(batch.terms[name]) for name in _VALUES if name in batch.terms), 1)
    code = offline.OfflineCode(
        key_version=key.version,
        merchant_id=merchant_id,
        coupon_id=row.id,
        batch_id=row.batch_id,
        attempt=row.attempt,
        kind=batch.kind,
        value=value,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    return offline.signed(code, private=_private(key))


def signature_of(*, merchant_id: int, content: bytes, key_version: int) -> bytes:
    """Sign for another context what devices verify with our public keys.

    The content begins with a word of that context's own: no coupon's code does, so the one is never
    taken for the other. Raises NoSuch.
    """
    rows = SigningKey.objects.of_merchant(merchant_id)
    key = rows.filter(version=key_version).first()
    if key is None:
        raise NoSuch(kind="signing key", key=str(key_version))
    return Ed25519PrivateKey.from_private_bytes(_private(key)).sign(content)


def _newest(merchant_id: int) -> SigningKey:
    key = SigningKey.objects.of_merchant(merchant_id).order_by("-version").first()
    if key is None:
        raise NoSuch(kind="signing key", key="newest")
    return key


def _private(key: SigningKey) -> bytes:
    return crypto.decrypt(
        merchant_id=key.merchant_id,
        sealed=bytes(key.private_sealed),
        place=KEY_PLACE.format(key.version),
    )


def double_uses(
    *, merchant_id: int, before_id: int = _LARGEST_ID, limit: int = 50
) -> list[DoubleUse]:
    """Coupons that two tills took, newest first."""
    rows = (
        OfflineUpload.objects.of_merchant(merchant_id)
        .filter(outcome="double", id__lt=before_id, coupon_id__isnull=False)
        .order_by("-id")
    )
    return [
        DoubleUse(
            id=row.id,
            coupon_id=row.coupon_id or 0,
            till=row.till,
            first_till=row.first_till,
            amount_minor=row.amount_minor,
            redeemed_at=row.redeemed_at,
            uploaded_at=row.uploaded_at,
        )
        for row in rows[:limit]
    ]
