"""The tables of reconciliation."""

from santong.reconciliation.models.differences import Difference
from santong.reconciliation.models.files import (
    Account,
    Match,
    StatementFile,
    StatementLine,
    StatementPart,
)
from santong.reconciliation.models.months import MonthBalance, MonthClose

__all__ = [
    "Account",
    "Difference",
    "Match",
    "MonthBalance",
    "MonthClose",
    "StatementFile",
    "StatementLine",
    "StatementPart",
]
