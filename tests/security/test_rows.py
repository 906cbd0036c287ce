"""What was changed is found, whoever changed it, and once."""

from __future__ import annotations

import pytest
from tests.security.conftest import Scene

from santong.kernel import cells, tenancy
from santong.merchants.tests.factories import make_staff, make_token

pytestmark = pytest.mark.usefixtures("database")


def test_a_changed_row_is_found_and_then_known(scene: Scene) -> None:
    scene.rows.changed()

    with tenancy.scope(merchant_id=scene.world.merchant_id):
        make_staff(scene.world.merchant_id, login="somebody-new")
    first, second = scene.rows.changed(), scene.rows.changed()

    assert "merchants_staffuser" in first
    assert second == set()


def test_another_merchants_rows_change_nothing_here(scene: Scene) -> None:
    scene.rows.changed()
    stranger_id = cells.merchant_by_code(scene.stranger_code).merchant_id

    with tenancy.scope(merchant_id=stranger_id):
        make_token(stranger_id, permissions=["console.open"])

    assert scene.rows.changed() == set()
