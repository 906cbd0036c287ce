"""How a title looks to whoever does not own it."""

from __future__ import annotations

from dataclasses import replace

from santong.invoicing.contracts import Title
from santong.kernel.masking import masked_name


def masked(title: Title) -> Title:
    """A company's name and number are public; a person's name is not, nor how to reach anybody."""
    name = title.name if title.kind == "company" else masked_name(title.name)
    return replace(title, name=name, address="", phone="", bank="", account="", email="")


def masked_title(*, title: Title) -> Title:
    """The same for other contexts: what whoever works with invoices sees of a title."""
    return masked(title)


def on_the_invoice(title: Title) -> Title:
    """What the invoice itself needs: how to reach the buyer is no part of it."""
    return replace(title, email="", phone="" if title.kind == "person" else title.phone)
