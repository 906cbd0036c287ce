from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.qimen import contracts
from santong.qimen.rules.settings import check_change
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.lock_contract import lock_contract
from santong.qimen.services.name_things import check_shops, name_warehouses, quirk_columns

_PLAIN = ("name", "url", "owner_code", "storefront_by_shop", "carrier_by_code", "is_told_of_stock")


@all_or_nothing
def update_contract(
    *,
    merchant_id: int,
    contract_id: int,
    change: contracts.ContractChange,
    expected_version: int,
    now: datetime,
) -> contracts.Contract:
    """Change a contract that is still as the caller saw it; what is not given stays.

    Raises NoSuch, VersionMoved, FieldInvalid, PlaceToldTwice. Locks the contract.
    """
    row = lock_contract(merchant_id=merchant_id, contract_id=contract_id)
    check_change(change=change)
    refuse_moved(expected=expected_version, version=row.version)
    before = contract_by_id(merchant_id=merchant_id, contract_id=contract_id)
    check_shops(merchant_id=merchant_id, codes=change.storefront_by_shop or {})
    for name in _PLAIN:
        value = getattr(change, name)
        if value is not None:
            setattr(row, name, value)
    if change.quirks is not None:
        for name, value in quirk_columns(change.quirks).items():
            setattr(row, name, value)
    if change.warehouses is not None:
        name_warehouses(
            merchant_id=merchant_id,
            contract_id=row.id,
            warehouses=change.warehouses,
            before=before.warehouses,
        )
    row.version += 1
    row.save()
    after = contract_by_id(merchant_id=merchant_id, contract_id=contract_id)
    audit.record(_told(before, after), now=now)
    return after


def _told(before: contracts.Contract, after: contracts.Contract) -> audit.Change:
    shown = ("name", "url", "owner_code", "is_told_of_stock")
    return audit.Change(
        action="qimen.update_contract",
        subject="qimen_contract",
        subject_id=after.id,
        reason="changed",
        before={name: getattr(before, name) for name in shown} | _counted(before),
        after={name: getattr(after, name) for name in shown} | _counted(after),
    )


def _counted(contract: contracts.Contract) -> dict[str, object]:
    return {
        "warehouses": {each.code: each.location_code for each in contract.warehouses},
        "shops": dict(contract.storefront_by_shop),
        "carriers": dict(contract.carrier_by_code),
        "quirks": quirk_columns(contract.quirks),
    }
