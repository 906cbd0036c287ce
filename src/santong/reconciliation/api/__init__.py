"""The REST endpoints of reconciliation."""

from santong.reconciliation.api import differences, files, months
from santong.reconciliation.api.routes import router

__all__ = ["differences", "files", "months", "router"]
