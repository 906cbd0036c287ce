"""The door of qimen: contracts with ERPs and WMSs, and what is said over them."""

from santong.qimen.contracts import (
    SIDES,
    BreakerState,
    Contract,
    ContractChange,
    ContractState,
    DocumentDescription,
    DocumentField,
    LoggedMessage,
    MessageState,
    NewContract,
    Quirks,
    SendingState,
    Side,
    SystemState,
    Waiting,
    Warehouse,
)
from santong.qimen.errors import (
    ContractCodeTaken,
    CustomerIdTaken,
    MessageGone,
    PlaceToldTwice,
)
from santong.qimen.rules.describing import described_document, described_documents
from santong.qimen.selectors.invariants import check_invariants
from santong.qimen.selectors.systems import contract_by_id, contracts_of
from santong.qimen.selectors.waiting import messages_of, system_states, waiting_of
from santong.qimen.services.create_contract import create_contract
from santong.qimen.services.pause_contract import pause_contract, resume_contract
from santong.qimen.services.send_now import send_now
from santong.qimen.services.take_again import take_again
from santong.qimen.services.update_contract import update_contract

__all__ = [
    "SIDES",
    "BreakerState",
    "Contract",
    "ContractChange",
    "ContractCodeTaken",
    "ContractState",
    "CustomerIdTaken",
    "DocumentDescription",
    "DocumentField",
    "LoggedMessage",
    "MessageGone",
    "MessageState",
    "NewContract",
    "PlaceToldTwice",
    "Quirks",
    "SendingState",
    "Side",
    "SystemState",
    "Waiting",
    "Warehouse",
    "check_invariants",
    "contract_by_id",
    "contracts_of",
    "create_contract",
    "described_document",
    "described_documents",
    "messages_of",
    "pause_contract",
    "resume_contract",
    "send_now",
    "system_states",
    "take_again",
    "update_contract",
    "waiting_of",
]
