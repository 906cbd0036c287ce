from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import CodeTaken
from santong.membership.models import Pool
from santong.membership.rules.fields import clean_code, clean_name
from santong.membership.services.insert import insert
from santong.payments import public as payments


@all_or_nothing
def open_pool(*, merchant_id: int, code: str, name: str, now: datetime) -> contracts.Pool:
    """Open a pool of points that programmes may share, with its asset in the ledger.

    Raises CodeTaken, FieldInvalid.
    """
    pool = Pool(
        merchant_id=merchant_id, code=clean_code(code), name=clean_name(name), created_at=now
    )
    insert(pool, taken=CodeTaken("pool", code), constraints=("a_pool_has_its_own_code",))
    audit.record(
        audit.Change(
            action="membership.open_pool",
            subject="pool",
            subject_id=pool.id,
            reason="opened",
            after={"code": pool.code, "name": pool.name},
        ),
        now=now,
    )
    contract: contracts.Pool = pool.as_contract()
    payments.open_asset(merchant_id=merchant_id, code=contract.points_asset, kind="points", now=now)
    return contract
