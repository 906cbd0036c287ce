"""The door of benefits: what is given, who has it, and what was done with it."""

from santong.benefits.contracts import (
    BRING_AT_ONCE,
    RETURN_POLICIES,
    Batch,
    BatchState,
    Benefit,
    Brought,
    ClaimWindow,
    Coupon,
    CouponEvent,
    CouponState,
    IssueProgress,
    Kind,
    Limits,
    Redemption,
    RedemptionLine,
    Return,
    ReturnPolicy,
    Shown,
    Validity,
    WalletEntry,
    WalletState,
)
from santong.benefits.contracts.funnel import Funnel
from santong.benefits.contracts.supplies import (
    ChargedWhen,
    CodeCheck,
    CodesCame,
    ImportReport,
    Invoice,
    Supplier,
    SupplierStatement,
    Supply,
    SupplyKind,
    SupplyStock,
)
from santong.benefits.errors import (
    BatchNotOpen,
    BatchStatePassed,
    CodeTaken,
    CodeUnknown,
    CouponFrozen,
    CouponStatePassed,
    ImportRefused,
    KeyTaken,
    LimitReached,
    LinesRefused,
    MoreThanBought,
    NotValidNow,
    OutsideClaimWindow,
    SecondPersonNeeded,
    SupplyMissing,
    TooManyTries,
)
from santong.benefits.rules.terms import TERMS, off_minor
from santong.benefits.selectors.batches import batch_by_code, batches_page, benefits_page
from santong.benefits.selectors.checked_codes import check_codes
from santong.benefits.selectors.coupons import (
    brought_by,
    coupon_by_id,
    coupons_of_holder,
    events_of,
    shown,
    wallet,
)
from santong.benefits.selectors.funnel import funnel_of
from santong.benefits.selectors.invariants import check_invariants
from santong.benefits.selectors.issues import issue_progress
from santong.benefits.selectors.offline import public_keys, signature_of
from santong.benefits.selectors.persons import export_person
from santong.benefits.selectors.stocks import imports_of, supply_stock, supply_stocks
from santong.benefits.selectors.supplies import supplier_statement, suppliers_page, supplies_page
from santong.benefits.services.activate_batch import activate_batch
from santong.benefits.services.approve_batch import approve_batch
from santong.benefits.services.change_supply import change_supply
from santong.benefits.services.claim import claim
from santong.benefits.services.continue_issue import continue_issue
from santong.benefits.services.create_benefit import create_benefit
from santong.benefits.services.create_supplier import create_supplier
from santong.benefits.services.create_supply import create_supply
from santong.benefits.services.draft_batch import draft_batch
from santong.benefits.services.end_batch import end_batch
from santong.benefits.services.expire_due import expire_due
from santong.benefits.services.forget_person import forget_person
from santong.benefits.services.freeze import freeze
from santong.benefits.services.give_back import give_back
from santong.benefits.services.hold_for_order import hold_for_order
from santong.benefits.services.import_codes import import_codes, import_whole_file
from santong.benefits.services.issue import issue
from santong.benefits.services.open_code import open_code
from santong.benefits.services.pause_batch import pause_batch
from santong.benefits.services.raise_limit import raise_limit
from santong.benefits.services.rebalance import rebalance
from santong.benefits.services.record_invoice import record_invoice
from santong.benefits.services.redeem import redeem
from santong.benefits.services.resume_batch import resume_batch
from santong.benefits.services.return_redemption import return_redemption
from santong.benefits.services.unfreeze import unfreeze
from santong.benefits.services.void import void
from santong.benefits.suppliers import ADAPTERS

__all__ = [
    "ADAPTERS",
    "BRING_AT_ONCE",
    "RETURN_POLICIES",
    "TERMS",
    "Batch",
    "BatchNotOpen",
    "BatchState",
    "BatchStatePassed",
    "Benefit",
    "Brought",
    "ChargedWhen",
    "ClaimWindow",
    "CodeCheck",
    "CodeTaken",
    "CodeUnknown",
    "CodesCame",
    "Coupon",
    "CouponEvent",
    "CouponFrozen",
    "CouponState",
    "CouponStatePassed",
    "Funnel",
    "ImportRefused",
    "ImportReport",
    "Invoice",
    "IssueProgress",
    "KeyTaken",
    "Kind",
    "LimitReached",
    "Limits",
    "LinesRefused",
    "MoreThanBought",
    "NotValidNow",
    "OutsideClaimWindow",
    "Redemption",
    "RedemptionLine",
    "Return",
    "ReturnPolicy",
    "SecondPersonNeeded",
    "Shown",
    "Supplier",
    "SupplierStatement",
    "Supply",
    "SupplyKind",
    "SupplyMissing",
    "SupplyStock",
    "TooManyTries",
    "Validity",
    "WalletEntry",
    "WalletState",
    "activate_batch",
    "approve_batch",
    "batch_by_code",
    "batches_page",
    "benefits_page",
    "brought_by",
    "change_supply",
    "check_codes",
    "check_invariants",
    "claim",
    "continue_issue",
    "coupon_by_id",
    "coupons_of_holder",
    "create_benefit",
    "create_supplier",
    "create_supply",
    "draft_batch",
    "end_batch",
    "events_of",
    "expire_due",
    "export_person",
    "forget_person",
    "freeze",
    "funnel_of",
    "give_back",
    "hold_for_order",
    "import_codes",
    "import_whole_file",
    "imports_of",
    "issue",
    "issue_progress",
    "off_minor",
    "open_code",
    "pause_batch",
    "public_keys",
    "raise_limit",
    "rebalance",
    "record_invoice",
    "redeem",
    "resume_batch",
    "return_redemption",
    "shown",
    "signature_of",
    "supplier_statement",
    "suppliers_page",
    "supplies_page",
    "supply_stock",
    "supply_stocks",
    "unfreeze",
    "void",
    "wallet",
]
