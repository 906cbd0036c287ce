from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Contract


@all_or_nothing
def lock_contract(*, merchant_id: int, contract_id: int) -> Contract:
    """A contract's row, locked until the transaction ends. Raises NoSuch."""
    found: Contract | None = (
        Contract.objects.of_merchant(merchant_id).filter(id=contract_id).lock().first()
    )
    if found is None:
        raise NoSuch(kind="qimen_contract", key=str(contract_id))
    return found
