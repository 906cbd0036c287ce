from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.qimen import contracts
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.lock_contract import lock_contract

_ACTIONS: Final = {"paused": "qimen.pause_contract", "active": "qimen.resume_contract"}


@all_or_nothing
def pause_contract(
    *, merchant_id: int, contract_id: int, reason: str, now: datetime
) -> contracts.Contract:
    """Let nothing in or out; what waits keeps waiting. Twice is once.

    Raises NoSuch. Locks the contract.
    """
    return _turn(merchant_id, contract_id, "paused", reason, now)


@all_or_nothing
def resume_contract(
    *, merchant_id: int, contract_id: int, reason: str, now: datetime
) -> contracts.Contract:
    """Let messages in and out again; what waited is sent. Twice is once.

    Raises NoSuch. Locks the contract.
    """
    return _turn(merchant_id, contract_id, "active", reason, now)


def _turn(
    merchant_id: int, contract_id: int, state: contracts.ContractState, reason: str, now: datetime
) -> contracts.Contract:
    row = lock_contract(merchant_id=merchant_id, contract_id=contract_id)
    if row.state != state:
        before, row.state = row.state, state
        row.version += 1
        row.save(update_fields=["state", "version"])
        audit.record(
            audit.Change(
                action=_ACTIONS[state],
                subject="qimen_contract",
                subject_id=row.id,
                reason=reason,
                before={"state": before},
                after={"state": state},
            ),
            now=now,
        )
    return contract_by_id(merchant_id=merchant_id, contract_id=contract_id)
