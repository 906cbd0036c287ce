from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Delivery
from santong.qimen.selectors.calls import Call


@all_or_nothing
def lock_delivery(*, call: Call, code: str) -> Delivery:
    """A delivery of this contract, locked until the transaction ends. Raises NoSuch."""
    found: Delivery | None = (
        Delivery.objects.of_merchant(call.merchant_id)
        .filter(contract_id=call.contract.id, code=code)
        .lock()
        .first()
    )
    if found is None:
        raise NoSuch(kind="delivery order", key=code[:60])
    return found
