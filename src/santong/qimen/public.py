"""The door of qimen: contracts with ERPs and WMSs, and what is said over them."""

from santong.qimen.contracts import (
    Contract,
    ContractChange,
    ContractState,
    NewContract,
    Quirks,
    Side,
    Warehouse,
)
from santong.qimen.errors import ContractCodeTaken, CustomerIdTaken, PlaceToldTwice
from santong.qimen.selectors.invariants import check_invariants
from santong.qimen.selectors.systems import contract_by_id, contracts_of
from santong.qimen.services.create_contract import create_contract
from santong.qimen.services.pause_contract import pause_contract, resume_contract
from santong.qimen.services.update_contract import update_contract

__all__ = [
    "Contract",
    "ContractChange",
    "ContractCodeTaken",
    "ContractState",
    "CustomerIdTaken",
    "NewContract",
    "PlaceToldTwice",
    "Quirks",
    "Side",
    "Warehouse",
    "check_invariants",
    "contract_by_id",
    "contracts_of",
    "create_contract",
    "pause_contract",
    "resume_contract",
    "update_contract",
]
