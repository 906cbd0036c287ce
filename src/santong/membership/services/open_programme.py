from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import CodeTaken
from santong.membership.models import Programme
from santong.membership.rules.fields import (
    LONGEST_CARD_NAME,
    clean_code,
    clean_days,
    clean_name,
    clean_prefix,
)
from santong.membership.selectors.programmes import forget_programmes, pool_by_code
from santong.membership.services.insert import insert
from santong.merchants import public as merchants
from santong.payments import public as payments

DORMANT_AFTER_DAYS = 365


@all_or_nothing
def open_programme(
    *,
    merchant_id: int,
    code: str,
    name: str,
    brand_id: int,
    pool_code: str,
    card_name: str = "",
    card_prefix: str = "8",
    dormant_after_days: int = DORMANT_AFTER_DAYS,
    now: datetime,
) -> contracts.Programme:
    """Open a brand's programme: its own card face and experience, and a share in a pool.

    Raises CodeTaken (the code, or the brand has one), NoSuch (brand, pool), FieldInvalid.
    """
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    merchants.brand_by_id(merchant_id=merchant_id, brand_id=brand_id)
    programme = Programme(
        merchant_id=merchant_id,
        code=clean_code(code),
        name=clean_name(name),
        brand_id=brand_id,
        pool_id=pool.id,
        card_name=clean_name(card_name or name, pointer="/card_name", most=LONGEST_CARD_NAME),
        card_prefix=clean_prefix(card_prefix),
        dormant_after_days=clean_days(dormant_after_days),
        created_at=now,
    )
    insert(
        programme,
        taken=CodeTaken("programme", code),
        constraints=("a_programme_has_its_own_code", "a_brand_has_one_programme"),
    )
    forget_programmes()
    audit.record(
        audit.Change(
            action="membership.open_programme",
            subject="programme",
            subject_id=programme.id,
            reason="opened",
            after={"code": programme.code, "brand_id": brand_id, "pool": pool.code},
        ),
        now=now,
    )
    contract: contracts.Programme = programme.as_contract()
    payments.open_asset(
        merchant_id=merchant_id, code=contract.experience_asset, kind="experience", now=now
    )
    return contract
