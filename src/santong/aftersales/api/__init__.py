"""The endpoints of aftersales."""

from santong.aftersales.api import cases, doing, policies
from santong.aftersales.api.routes import router

__all__ = ["cases", "doing", "policies", "router"]
