"""The tables of aftersales."""

from santong.aftersales.models.cases import Case, CaseLine, CaseMessage, Decision
from santong.aftersales.models.claims import Claim
from santong.aftersales.models.doing import Receipt, ReceiptLine, RefundStep, Replacement
from santong.aftersales.models.links import OrderLink
from santong.aftersales.models.owed import LineCompensation, OwedRemedy
from santong.aftersales.models.policies import PolicyVersion
from santong.aftersales.models.repairs import Repair
from santong.aftersales.models.sealed import open_text, seal_text
from santong.aftersales.models.units import CarriedValue, LineUnits

__all__ = [
    "CarriedValue",
    "Case",
    "CaseLine",
    "CaseMessage",
    "Claim",
    "Decision",
    "LineCompensation",
    "LineUnits",
    "OrderLink",
    "OwedRemedy",
    "PolicyVersion",
    "Receipt",
    "ReceiptLine",
    "RefundStep",
    "Repair",
    "Replacement",
    "open_text",
    "seal_text",
]
