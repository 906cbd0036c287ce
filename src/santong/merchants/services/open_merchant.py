from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, crypto
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Merchant


@all_or_nothing
def open_merchant(
    *,
    merchant_id: int,
    code: str,
    name: str,
    currency: str = "CNY",
    timezone: str = "Asia/Shanghai",
    language: str = "zh-hans",
    now: datetime,
) -> contracts.Merchant:
    """Describe a merchant that the directory knows, and give it its data key, once.

    Opening it again gives back what stands there.
    """
    merchant, is_new = Merchant.objects.get_or_create(
        merchant_id=merchant_id,
        defaults={
            "id": merchant_id,
            "code": code,
            "name": name,
            "currency": currency,
            "timezone": timezone,
            "language": language,
            "opened_at": now,
        },
    )
    crypto.create_data_key(merchant_id=merchant_id, now=now)
    if is_new:
        audit.record(
            audit.Change(
                action="merchants.open",
                subject="merchant",
                subject_id=merchant_id,
                reason="opened",
                after={"code": code, "name": name},
            ),
            now=now,
        )
    return merchant.as_contract()
