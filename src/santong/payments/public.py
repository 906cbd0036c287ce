"""The door of payments: the ledger, and money that comes in, goes back and goes out."""

from santong.payments.contracts import (
    INTENT_STATES,
    METHODS,
    MOST_INSTALMENTS,
    AccountEntry,
    AccountKey,
    Asset,
    AssetKind,
    Balance,
    Call,
    Difference,
    Dispute,
    DisputeTold,
    Entry,
    Expiring,
    Hold,
    HoldState,
    Intent,
    IntentState,
    LeftToShare,
    Lot,
    Method,
    Movement,
    MovementKind,
    NewEntry,
    NewIntent,
    NewTender,
    NewTransfer,
    NewTxn,
    PaymentAccount,
    PlannedPart,
    Refund,
    RefundPart,
    RefundPlan,
    RefundState,
    Seen,
    SeenMove,
    SeenStored,
    SeenStoredState,
    StoredAsk,
    Taken,
    Tender,
    TenderBackend,
    TenderState,
    Told,
    Total,
    Transfer,
    TransferState,
    Txn,
    Way,
)
from santong.payments.contracts.provider_settings import Setting, SettingKind, SettingProblem
from santong.payments.contracts.providers import Refused, Unreachable
from santong.payments.errors import (
    AlreadyAsked,
    AlreadyReversed,
    AssetTaken,
    CardNumberSeen,
    HoldEnded,
    InsufficientBalance,
    IntentKeyTaken,
    IntentPassed,
    KeyTaken,
    MoreThanAsked,
    MoreThanHeld,
    MoreThanLeft,
    MoreThanPayable,
    MoreThanReceived,
    MoreThanSpent,
    NoSuchAccount,
    NoSuchHold,
    NoSuchTxn,
    NotASpend,
    NotBalanced,
    NothingOwed,
    NothingToAsk,
    NotReversible,
    PartPassed,
    PaymentAccountClosed,
    PaymentAccountTaken,
    UnknownAsset,
)
from santong.payments.providers.fetch_statement import fetch_statement
from santong.payments.providers.registry import PROVIDERS
from santong.payments.providers.work_through import work_through
from santong.payments.rules.books import asset_of, document_account, payable_account
from santong.payments.rules.provider_settings import problems_of_settings, settings_of
from santong.payments.rules.recognition import Redemption, recognised
from santong.payments.selectors.accounts import accounts_of
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.at_accounts import money_at_accounts
from santong.payments.selectors.balances import AVAILABLE_OF, balances
from santong.payments.selectors.collected_at import collected_at
from santong.payments.selectors.disputes import disputes_of
from santong.payments.selectors.documents import documents_paid
from santong.payments.selectors.ending import ending_by_month
from santong.payments.selectors.flows import flows
from santong.payments.selectors.holds import hold_by_id
from santong.payments.selectors.intent_search import (
    find_intents,
    intents_with_money_over,
    intents_without_answer,
)
from santong.payments.selectors.intents import (
    intent_by_id,
    intent_by_key,
    intents_of,
    intents_page,
    tender_by_id,
)
from santong.payments.selectors.invariants import check_invariants
from santong.payments.selectors.left_to_share import left_to_share
from santong.payments.selectors.lots import expiring, lots_of
from santong.payments.selectors.movements import (
    MOVEMENTS_OF,
    movement_by_id,
    movements_by_reference,
    movements_of,
    movements_page,
)
from santong.payments.selectors.owners import export_owners
from santong.payments.selectors.payers import payer_of
from santong.payments.selectors.payment_accounts import (
    payment_account_by_code,
    payment_accounts,
    secret_names,
)
from santong.payments.selectors.reconciled import ALL_MOVEMENTS_OF, STATES_OF
from santong.payments.selectors.refund_plan import refund_plan
from santong.payments.selectors.refunds import (
    refund_by_id,
    refunds_of,
    refunds_outside,
    refunds_page,
    refunds_that_failed,
)
from santong.payments.selectors.stories import (
    calls_in_vain,
    calls_of,
    disputes_of_intent,
    intent_of_call,
    open_disputes,
    told_of,
)
from santong.payments.selectors.sums import sums_of_txns
from santong.payments.selectors.totals import totals
from santong.payments.selectors.transfers import transfer_by_id, transfers_page
from santong.payments.selectors.trial_balance import Flow, money_flows
from santong.payments.selectors.txns import entries_page, txn_by_id, txn_by_key, txns_by_key
from santong.payments.services.act_as_buyer import (
    BUYERS_ACTIONS,
    BuyersAction,
    act_as_buyer,
)
from santong.payments.services.add_tender import add_tender
from santong.payments.services.ask_again import ask_payment_again, ask_refund_again
from santong.payments.services.cancel_intent import cancel_intent, cancel_intents_of
from santong.payments.services.capture import capture
from santong.payments.services.capture_intent import capture_intent
from santong.payments.services.change_payment_account import change_payment_account
from santong.payments.services.close_payment_account import (
    close_payment_account,
    reopen_payment_account,
)
from santong.payments.services.confirm_refund import confirm_refund
from santong.payments.services.expire_holds import expire_holds
from santong.payments.services.expire_intents import expire_intents
from santong.payments.services.expire_lots import expire_lots
from santong.payments.services.give_back import give_back
from santong.payments.services.give_up_refund import give_up_refund
from santong.payments.services.hold import hold
from santong.payments.services.lock_accounts import lock_accounts
from santong.payments.services.open_asset import open_asset
from santong.payments.services.open_intent import open_intent
from santong.payments.services.open_payment_account import open_payment_account
from santong.payments.services.post import post
from santong.payments.services.post_many import post_many
from santong.payments.services.queue_transfers import queue_transfers
from santong.payments.services.rebuild import rebuild, repair
from santong.payments.services.record_movement import (
    record_claim_paid,
    record_kept,
    record_movement,
)
from santong.payments.services.refund import refund
from santong.payments.services.refund_up_to import refund_up_to
from santong.payments.services.release import release
from santong.payments.services.retry_refund import retry_refund
from santong.payments.services.reverse import reverse
from santong.payments.services.see_chargeback import see_chargeback
from santong.payments.services.transfer import transfer

__all__ = [
    "ALL_MOVEMENTS_OF",
    "AVAILABLE_OF",
    "BUYERS_ACTIONS",
    "INTENT_STATES",
    "METHODS",
    "MOST_INSTALMENTS",
    "MOVEMENTS_OF",
    "PROVIDERS",
    "STATES_OF",
    "AccountEntry",
    "AccountKey",
    "AlreadyAsked",
    "AlreadyReversed",
    "Asset",
    "AssetKind",
    "AssetTaken",
    "Balance",
    "BuyersAction",
    "Call",
    "CardNumberSeen",
    "Difference",
    "Dispute",
    "DisputeTold",
    "Entry",
    "Expiring",
    "Flow",
    "Hold",
    "HoldEnded",
    "HoldState",
    "InsufficientBalance",
    "Intent",
    "IntentKeyTaken",
    "IntentPassed",
    "IntentState",
    "KeyTaken",
    "LeftToShare",
    "Lot",
    "Method",
    "MoreThanAsked",
    "MoreThanHeld",
    "MoreThanLeft",
    "MoreThanPayable",
    "MoreThanReceived",
    "MoreThanSpent",
    "Movement",
    "MovementKind",
    "NewEntry",
    "NewIntent",
    "NewTender",
    "NewTransfer",
    "NewTxn",
    "NoSuchAccount",
    "NoSuchHold",
    "NoSuchTxn",
    "NotASpend",
    "NotBalanced",
    "NotReversible",
    "NothingOwed",
    "NothingToAsk",
    "PartPassed",
    "PaymentAccount",
    "PaymentAccountClosed",
    "PaymentAccountTaken",
    "PlannedPart",
    "Redemption",
    "Refund",
    "RefundPart",
    "RefundPlan",
    "RefundState",
    "Refused",
    "Seen",
    "SeenMove",
    "SeenStored",
    "SeenStoredState",
    "Setting",
    "SettingKind",
    "SettingProblem",
    "StoredAsk",
    "Taken",
    "Tender",
    "TenderBackend",
    "TenderState",
    "Told",
    "Total",
    "Transfer",
    "TransferState",
    "Txn",
    "UnknownAsset",
    "Unreachable",
    "Way",
    "accounts_of",
    "act_as_buyer",
    "add_tender",
    "ask_payment_again",
    "ask_refund_again",
    "asset_by_code",
    "asset_of",
    "balances",
    "calls_in_vain",
    "calls_of",
    "cancel_intent",
    "cancel_intents_of",
    "capture",
    "capture_intent",
    "change_payment_account",
    "check_invariants",
    "close_payment_account",
    "collected_at",
    "confirm_refund",
    "disputes_of",
    "disputes_of_intent",
    "document_account",
    "documents_paid",
    "ending_by_month",
    "entries_page",
    "expire_holds",
    "expire_intents",
    "expire_lots",
    "expiring",
    "export_owners",
    "fetch_statement",
    "find_intents",
    "flows",
    "give_back",
    "give_up_refund",
    "hold",
    "hold_by_id",
    "intent_by_id",
    "intent_by_key",
    "intent_of_call",
    "intents_of",
    "intents_page",
    "intents_with_money_over",
    "intents_without_answer",
    "left_to_share",
    "lock_accounts",
    "lots_of",
    "money_at_accounts",
    "money_flows",
    "movement_by_id",
    "movements_by_reference",
    "movements_of",
    "movements_page",
    "open_asset",
    "open_disputes",
    "open_intent",
    "open_payment_account",
    "payable_account",
    "payer_of",
    "payment_account_by_code",
    "payment_accounts",
    "post",
    "post_many",
    "problems_of_settings",
    "queue_transfers",
    "rebuild",
    "recognised",
    "record_claim_paid",
    "record_kept",
    "record_movement",
    "refund",
    "refund_by_id",
    "refund_plan",
    "refund_up_to",
    "refunds_of",
    "refunds_outside",
    "refunds_page",
    "refunds_that_failed",
    "release",
    "reopen_payment_account",
    "repair",
    "retry_refund",
    "reverse",
    "secret_names",
    "see_chargeback",
    "settings_of",
    "sums_of_txns",
    "tender_by_id",
    "told_of",
    "totals",
    "transfer",
    "transfer_by_id",
    "transfers_page",
    "txn_by_id",
    "txn_by_key",
    "txns_by_key",
    "work_through",
]
