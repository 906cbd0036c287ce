"""The tables of benefits."""

from santong.benefits.models.batches import (
    Batch,
    BatchSlot,
    Benefit,
    MemberCount,
    Package,
    PackageItem,
)
from santong.benefits.models.coupons import (
    Coupon,
    CouponEvent,
    IssueRun,
    IssueTarget,
    OfflineUpload,
    RedemptionLine,
    SigningKey,
)
from santong.benefits.models.firings import EventRule, RuleFiring
from santong.benefits.models.supplies import (
    CodeImport,
    Supplier,
    SupplierInvoice,
    Supply,
    SupplyCharge,
    SupplyCode,
    SupplyRequest,
)

__all__ = [
    "Batch",
    "BatchSlot",
    "Benefit",
    "CodeImport",
    "Coupon",
    "CouponEvent",
    "EventRule",
    "IssueRun",
    "IssueTarget",
    "MemberCount",
    "OfflineUpload",
    "Package",
    "PackageItem",
    "RedemptionLine",
    "RuleFiring",
    "SigningKey",
    "Supplier",
    "SupplierInvoice",
    "Supply",
    "SupplyCharge",
    "SupplyCode",
    "SupplyRequest",
]
