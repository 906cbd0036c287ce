from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Brand
from santong.merchants.rules.fields import clean_name


@all_or_nothing
def update_brand(
    *,
    merchant_id: int,
    brand_id: int,
    name: str | None = None,
    is_active: bool | None = None,
    expected_version: int,
    now: datetime,
) -> contracts.Brand:
    """Change a brand that is still as the caller saw it; what is not given stays.

    Raises NoSuch, VersionMoved, FieldInvalid. Locks the brand.
    """
    brand: Brand | None = Brand.objects.of_merchant(merchant_id).filter(id=brand_id).lock().first()
    if brand is None:
        raise NoSuch(kind="brand", key=str(brand_id))
    refuse_moved(expected=expected_version, version=brand.version)
    before = {"name": brand.name, "is_active": brand.is_active}
    brand.name = brand.name if name is None else clean_name(name)
    brand.is_active = brand.is_active if is_active is None else is_active
    brand.version += 1
    brand.save(update_fields=["name", "is_active", "version"])
    audit.record(
        audit.Change(
            action="merchants.update_brand",
            subject="brand",
            subject_id=brand.id,
            reason="changed",
            before=before,
            after={"name": brand.name, "is_active": brand.is_active},
        ),
        now=now,
    )
    return brand.as_contract()
