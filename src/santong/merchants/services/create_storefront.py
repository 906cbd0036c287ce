from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.errors import CodeTaken
from santong.merchants.models import Brand, ChannelKind, Storefront
from santong.merchants.rules.fields import clean_code, clean_name
from santong.merchants.selectors.parts import forget_storefronts
from santong.merchants.services.insert import insert


@all_or_nothing
def create_storefront(
    *,
    merchant_id: int,
    code: str,
    name: str,
    channel: str,
    brand_id: int | None = None,
    is_open: bool = True,
    now: datetime,
) -> contracts.Storefront:
    """Open a storefront on a channel. Raises CodeTaken, NoSuch, FieldInvalid."""
    if channel not in ChannelKind.values:
        raise FieldInvalid(pointer="/channel", reason=f"one of {', '.join(ChannelKind.values)}")
    if brand_id is not None and not _has_brand(merchant_id, brand_id):
        raise NoSuch(kind="brand", key=str(brand_id))
    storefront = Storefront(
        merchant_id=merchant_id,
        code=clean_code(code, most=60),
        name=clean_name(name),
        channel=channel,
        brand_id=brand_id,
        is_open=is_open,
        created_at=now,
    )
    taken = CodeTaken("storefront", code)
    insert(storefront, taken=taken, constraint="a_storefront_has_its_own_code")
    forget_storefronts()
    audit.record(
        audit.Change(
            action="merchants.create_storefront",
            subject="storefront",
            subject_id=storefront.id,
            reason="created",
            after={"code": storefront.code, "name": storefront.name, "channel": channel},
        ),
        now=now,
    )
    return storefront.as_contract()


def _has_brand(merchant_id: int, brand_id: int) -> bool:
    found: bool = Brand.objects.of_merchant(merchant_id).filter(id=brand_id).exists()
    return found
