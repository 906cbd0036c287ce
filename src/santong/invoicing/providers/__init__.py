"""Who issues invoices for the tax office, by the name that a seller's settings give."""

from __future__ import annotations

from santong.invoicing.contracts import InvoiceIssuer
from santong.invoicing.providers.simulated import SimulatedIssuer

# To plug another one in: docs/howto/issue-real-invoices.md.
ISSUERS: dict[str, InvoiceIssuer] = {"simulated": SimulatedIssuer()}


def issuer_named(name: str) -> InvoiceIssuer | None:
    """The issuer of this name, if it is plugged in."""
    return ISSUERS.get(name)
