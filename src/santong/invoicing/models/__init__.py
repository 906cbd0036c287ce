"""The tables of invoicing."""

from santong.invoicing.models.invoices import Invoice, InvoiceLine, InvoiceLineQuerySet
from santong.invoicing.models.sales import MoneyBack, Sale, SaleLine
from santong.invoicing.models.sellers import Seller, TaxRate
from santong.invoicing.models.simulated import SimulatedInvoice, SimulatedSlip
from santong.invoicing.models.titles import KeptTitle

__all__ = [
    "Invoice",
    "InvoiceLine",
    "InvoiceLineQuerySet",
    "KeptTitle",
    "MoneyBack",
    "Sale",
    "SaleLine",
    "Seller",
    "SimulatedInvoice",
    "SimulatedSlip",
    "TaxRate",
]
