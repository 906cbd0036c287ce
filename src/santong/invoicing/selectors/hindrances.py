"""Invoices that somebody has to look at, and why, in words."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext

from santong.invoicing import contracts
from santong.invoicing.models import Invoice
from santong.invoicing.rules.pace import TRIES_UNSEEN
from santong.invoicing.selectors.invoices import seen_at, shown

MOST = 200


def hindrances(
    *, merchant_id: int, location_ids: frozenset[int] | None = None
) -> list[contracts.Hindrance]:
    """Red ones that were refused or are held, and whatever gets no answer; the oldest first."""
    rows = Invoice.objects.of_merchant(merchant_id).filter(
        Q(kind="red", state="refused")
        | Q(state="requested", is_held=True)
        | Q(state="waiting_confirmation")
        | Q(state="sent", attempts__gte=TRIES_UNSEEN)
    )
    found = shown(seen_at(rows, location_ids).order_by("id")[:MOST])
    return [_hindrance(invoice) for invoice in found]


def _hindrance(invoice: contracts.Invoice) -> contracts.Hindrance:
    kind: contracts.HindranceKind
    if invoice.state == "refused":
        kind = "refused"
        words = gettext("A red invoice was refused; the money has gone back. Ask for it anew.")
    elif invoice.is_held:
        kind = "held"
        words = gettext("A red invoice waits until somebody of finance lets it go.")
    elif invoice.state == "waiting_confirmation":
        kind = "waiting"
        words = gettext("The buyer has to confirm the red invoice at the tax office.")
    else:
        kind = "unanswered"
        words = gettext("The tax office has not answered for a long time.")
    return contracts.Hindrance(kind=kind, words=words, invoice=invoice)
