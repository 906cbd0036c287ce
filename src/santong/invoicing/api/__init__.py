"""Invoicing over HTTP: sellers, rates, invoices, what hinders them, remembered titles."""

from santong.invoicing.api import invoices, sellers, titles
from santong.invoicing.api.routes import router

__all__ = ["invoices", "router", "sellers", "titles"]
