"""The tables of stagedsales."""

from santong.stagedsales.models.plans import StagePlan
from santong.stagedsales.models.redemption import OfflineUpload, RedemptionCode
from santong.stagedsales.models.sales import SaleDocument, StagedSale
from santong.stagedsales.models.signed import ChangeOrder, Contract, Stage

__all__ = [
    "ChangeOrder",
    "Contract",
    "OfflineUpload",
    "RedemptionCode",
    "SaleDocument",
    "Stage",
    "StagePlan",
    "StagedSale",
]
