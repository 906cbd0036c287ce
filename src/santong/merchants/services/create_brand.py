from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.errors import CodeTaken
from santong.merchants.models import Brand
from santong.merchants.rules.fields import clean_code, clean_name
from santong.merchants.services.insert import insert


@all_or_nothing
def create_brand(*, merchant_id: int, code: str, name: str, now: datetime) -> contracts.Brand:
    """Give the merchant another brand. Raises CodeTaken, FieldInvalid."""
    brand = Brand(
        merchant_id=merchant_id, code=clean_code(code), name=clean_name(name), created_at=now
    )
    insert(brand, taken=CodeTaken("brand", code), constraint="a_brand_has_its_own_code")
    audit.record(
        audit.Change(
            action="merchants.create_brand",
            subject="brand",
            subject_id=brand.id,
            reason="created",
            after={"code": brand.code, "name": brand.name},
        ),
        now=now,
    )
    return brand.as_contract()
