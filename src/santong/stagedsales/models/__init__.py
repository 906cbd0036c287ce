"""The tables of stagedsales."""

from santong.stagedsales.models.contracts import ChangeOrder, Contract, Stage
from santong.stagedsales.models.plans import StagePlan
from santong.stagedsales.models.redemption import OfflineUpload, RedemptionCode
from santong.stagedsales.models.sales import SaleDocument, SaleLink, StagedSale

__all__ = [
    "ChangeOrder",
    "Contract",
    "OfflineUpload",
    "RedemptionCode",
    "SaleDocument",
    "SaleLink",
    "Stage",
    "StagePlan",
    "StagedSale",
]
