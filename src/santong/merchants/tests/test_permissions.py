"""Who may do what."""

from __future__ import annotations

import pytest

from santong.merchants.models import Role
from santong.merchants.rules.permissions import (
    PERMISSIONS,
    PERMISSIONS_BY_ROLE,
    ROLES,
    permissions_of,
)

MAY_NOT = {
    "brand_operator": {"staff.edit", "tokens.edit", "payments.view", "merchants.edit"},
    "store_manager": {"staff.edit", "tokens.edit", "orders.cancel", "routing.view"},
    "clerk": {"staff.view", "tokens.view", "stock.adjust", "audit.view", "payments.view"},
    "warehouse": {"orders.place", "orders.pay", "staff.view", "payments.view"},
    "customer_service": {"stock.adjust", "staff.edit", "fulfilment.work"},
    "finance": {"orders.place", "orders.cancel", "personal_data.reveal", "stock.view"},
    "dealer": {"orders.cancel", "personal_data.reveal", "payments.view", "staff.edit"},
    "developer": {"personal_data.reveal", "staff.edit", "merchants.edit"},
    "technician": {"orders.view", "visits.dispatch", "personal_data.reveal", "payments.view"},
    "provider": {"orders.view", "stock.view", "personal_data.reveal", "payouts.view"},
}


def test_every_role_that_is_stored_stands_in_the_table() -> None:
    assert set(Role.values) == set(ROLES) == {"head_office", *MAY_NOT}


def test_head_office_may_do_everything() -> None:
    assert PERMISSIONS_BY_ROLE["head_office"] == PERMISSIONS


def test_everybody_may_open_the_console() -> None:
    assert all("console.open" in permissions for permissions in PERMISSIONS_BY_ROLE.values())


@pytest.mark.parametrize("role", MAY_NOT)
def test_what_a_role_may_not_do(role: str) -> None:
    assert MAY_NOT[role] <= PERMISSIONS
    assert not MAY_NOT[role] & PERMISSIONS_BY_ROLE[role]


def test_who_may_change_something_may_see_it() -> None:
    seen_by_changed = {
        "merchants.edit": "merchants.view",
        "staff.edit": "staff.view",
        "tokens.edit": "tokens.view",
        "outbox.replay": "outbox.view",
        "catalog.edit": "catalog.view",
        "stores.edit": "stores.view",
        "stock.adjust": "stock.view",
        "stock.count": "stock.view",
        "orders.place": "orders.view",
        "orders.cancel": "orders.view",
        "orders.pay": "orders.view",
        "routing.edit": "routing.view",
        "fulfilment.work": "fulfilment.view",
        "fulfilment.dispatch": "fulfilment.view",
    }
    for role, permissions in PERMISSIONS_BY_ROLE.items():
        for change, view in seen_by_changed.items():
            assert change not in permissions or view in permissions, (role, change)


def test_several_roles_add_up() -> None:
    both = permissions_of(["clerk", "finance"])

    assert both == PERMISSIONS_BY_ROLE["clerk"] | PERMISSIONS_BY_ROLE["finance"]
