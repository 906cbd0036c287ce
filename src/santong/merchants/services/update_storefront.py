from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Storefront
from santong.merchants.rules.fields import clean_name
from santong.merchants.selectors.parts import forget_storefronts


@all_or_nothing
def update_storefront(
    *,
    merchant_id: int,
    storefront_id: int,
    name: str | None = None,
    is_open: bool | None = None,
    expected_version: int,
    now: datetime,
) -> contracts.Storefront:
    """Change a storefront that is still as the caller saw it; what is not given stays.

    Other processes may take it for as it was for five seconds. Raises NoSuch, VersionMoved,
    FieldInvalid. Locks the storefront.
    """
    found: Storefront | None = (
        Storefront.objects.of_merchant(merchant_id).filter(id=storefront_id).lock().first()
    )
    if found is None:
        raise NoSuch(kind="storefront", key=str(storefront_id))
    refuse_moved(expected=expected_version, version=found.version)
    before = {"name": found.name, "is_open": found.is_open}
    found.name = found.name if name is None else clean_name(name)
    found.is_open = found.is_open if is_open is None else is_open
    found.version += 1
    found.save(update_fields=["name", "is_open", "version"])
    forget_storefronts()
    audit.record(
        audit.Change(
            action="merchants.update_storefront",
            subject="storefront",
            subject_id=found.id,
            reason="changed",
            before=before,
            after={"name": found.name, "is_open": found.is_open},
        ),
        now=now,
    )
    return found.as_contract()
