"""The door of invoicing: e-invoices, what they are made out to, and what is taken back."""

from __future__ import annotations

from santong.invoicing.contracts import (
    FORMS,
    KINDS,
    STATES,
    TITLE_KINDS,
    Form,
    Hindrance,
    HindranceKind,
    Invoice,
    InvoiceLine,
    RatedAs,
    RateSubject,
    RedPolicy,
    Seller,
    State,
    TaxRate,
    Title,
)
from santong.invoicing.errors import (
    KeyTaken,
    MoreThanPaid,
    NothingToInvoice,
    NotPaid,
    RateTaken,
    SellerMissing,
    SellerTaken,
    StatePassed,
    TitleInvalid,
)
from santong.invoicing.providers.work import work_off
from santong.invoicing.rules.masking import masked_title
from santong.invoicing.selectors.hindrances import hindrances
from santong.invoicing.selectors.invariants import check_invariants
from santong.invoicing.selectors.invoices import invoice_by_id, invoices_of, invoices_page
from santong.invoicing.selectors.persons import export_person
from santong.invoicing.selectors.sellers import seller_by_code, sellers, tax_rates
from santong.invoicing.services.ask_anew import ask_anew
from santong.invoicing.services.follow_money import follow_money
from santong.invoicing.services.forget_person import forget_person
from santong.invoicing.services.open_link import open_link
from santong.invoicing.services.request_invoice import request_invoice
from santong.invoicing.services.set_seller import set_seller
from santong.invoicing.services.set_tax_rate import set_tax_rate

__all__ = [
    "FORMS",
    "KINDS",
    "STATES",
    "TITLE_KINDS",
    "Form",
    "Hindrance",
    "HindranceKind",
    "Invoice",
    "InvoiceLine",
    "KeyTaken",
    "MoreThanPaid",
    "NotPaid",
    "NothingToInvoice",
    "RateSubject",
    "RateTaken",
    "RatedAs",
    "RedPolicy",
    "Seller",
    "SellerMissing",
    "SellerTaken",
    "State",
    "StatePassed",
    "TaxRate",
    "Title",
    "TitleInvalid",
    "ask_anew",
    "check_invariants",
    "export_person",
    "follow_money",
    "forget_person",
    "hindrances",
    "invoice_by_id",
    "invoices_of",
    "invoices_page",
    "masked_title",
    "open_link",
    "request_invoice",
    "seller_by_code",
    "sellers",
    "set_seller",
    "set_tax_rate",
    "tax_rates",
    "work_off",
]
