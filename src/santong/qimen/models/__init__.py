"""The tables of qimen."""

from santong.qimen.models.systems import Contract, WarehouseCode

__all__ = ["Contract", "WarehouseCode"]
