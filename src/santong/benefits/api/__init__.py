"""Benefits over HTTP: batches, coupons, suppliers, rules by event."""

from santong.benefits.api import batches, coupons, offline, rules, supplies
from santong.benefits.api.routes import router

__all__ = ["batches", "coupons", "offline", "router", "rules", "supplies"]
