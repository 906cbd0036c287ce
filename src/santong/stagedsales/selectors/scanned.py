"""What the picture on a buyer's page says to whoever scans it."""

from __future__ import annotations

from santong.benefits import public as benefits
from santong.kernel.errors import NoSuch
from santong.stagedsales.models import RedemptionCode
from santong.stagedsales.rules.offline import SignedCode, signed_part, written
from santong.stagedsales.rules.terms import terms_from_json
from santong.stagedsales.selectors.sealing import number_of


def scanned_form(*, merchant_id: int, sale_id: int) -> str:
    """A sale's code as it is scanned: its number, or signed where its plan asks for that.

    A merchant without a key for offline codes shows the number. Raises NoSuch.
    """
    rows = RedemptionCode.objects.of_merchant(merchant_id).select_related("sale__plan")
    row = rows.filter(sale=sale_id, state="issued").first()
    if row is None:
        raise NoSuch(kind="redemption_code", key=str(sale_id))
    keys = benefits.public_keys(merchant_id=merchant_id)
    if not terms_from_json(row.sale.plan.terms).signs_codes or not keys:
        return number_of(row)
    said = SignedCode(
        key_version=keys[0].version,
        merchant_id=merchant_id,
        sale_id=sale_id,
        code=number_of(row),
        valid_until=row.expires_at,
    )
    signature = benefits.signature_of(
        merchant_id=merchant_id, content=signed_part(said), key_version=said.key_version
    )
    return written(said, signature=signature)
