"""The endpoints of aftersales."""

from santong.aftersales.api import cases, claims, doing, owed, policies, repairs
from santong.aftersales.api.routes import router

__all__ = ["cases", "claims", "doing", "owed", "policies", "repairs", "router"]
