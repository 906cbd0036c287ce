"""Where the menu leads, in groups, and who sees what of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

OPEN: Final = "console.open"
# What these open is about the whole merchant: at one place alone they open nothing.
WHOLE: Final = frozenset({"payments.view", "reconciliation.view"})


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together. Only the current group is unfolded."""

    name: str
    pages: tuple[str, ...]
    is_current: bool


# By group: the name of each page's address, and the permission that shows it.
MENU: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "trade",
        (
            ("today", OPEN),
            ("orders", "orders.view"),
            ("presale_offers", "presales.view"),
            ("stock", "stock.view"),
            ("places", "stores.view"),
            ("store", "fulfilment.work"),
            ("exceptions", "fulfilment.view"),
        ),
    ),
    (
        "contracts",
        (
            ("staged_sales", "stagedsales.view"),
            ("staged_redeem", "stagedsales.sell"),
            ("stage_plans", "stagedsales.view"),
            ("agreements", "agreements.view"),
        ),
    ),
    (
        "visits",
        (
            ("my_day", "visits.work"),
            ("visits", "visits.view"),
            ("visit_board", "visits.view"),
            ("day_plans", "visits.dispatch"),
            ("technicians", "visits.view"),
            ("service_types", "visits.view"),
        ),
    ),
    (
        "aftersales",
        (
            ("cases", "cases.view"),
            ("carrier_claims", "claims.handle"),
            ("case_policy", "cases.decide"),
        ),
    ),
    (
        "promises",
        (
            ("escalations", OPEN),
            ("promises", "clocks.view"),
            ("clock_policies", "clocks.view"),
            ("work_calendars", "clocks.view"),
        ),
    ),
    (
        "members",
        (
            ("members", "members.view"),
            ("requests", "points.approve"),
            ("matches", "customers.merge"),
            ("programmes", "programmes.view"),
            ("liability", "settlements.view"),
        ),
    ),
    (
        "benefits",
        (
            ("batches", "benefits.view"),
            ("supplies", "benefits.view"),
            ("redeem", "benefits.redeem"),
        ),
    ),
    (
        "finance",
        (
            ("payments", "payments.view"),
            ("money_exceptions", "payments.view"),
            ("payment_accounts", "payments.view"),
            ("reconciliation", "reconciliation.view"),
            ("months", "reconciliation.view"),
            ("shares", "shares.view"),
            ("statements", "statements.view"),
            ("parties", "statements.view"),
            ("payouts", "payouts.view"),
            ("share_rules", "shares.view"),
            ("invoices", "invoices.view"),
            ("cards", "prepaid.view"),
        ),
    ),
    (
        "running",
        (
            ("connections", "connections.view"),
            ("messages", "messages.view"),
            ("systems", "qimen.view"),
            ("portal_landing", "apps.view"),
            ("notices", "notices.view"),
            ("facts", "outbox.view"),
            ("staff", "staff.view"),
            ("tokens", "tokens.view"),
        ),
    ),
)


def menu_for(*, permissions: Collection[str], section: str) -> Sequence[Group]:
    """The groups with the pages that these permissions open; groups without any are left out."""
    groups = [
        (name, tuple(page for page, needed in pages if needed in permissions))
        for name, pages in MENU
    ]
    return [Group(name, pages, section in pages) for name, pages in groups if pages]
