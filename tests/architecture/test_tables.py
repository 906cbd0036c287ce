"""Every table keeps the rules that one merchant, one direction and one owner ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connections, models
from django.db.models.functions import Lower

from santong.kernel.lint import layers, tables
from santong.kernel.models import MerchantOwned

# Tables of a cell that belong to no merchant, each with its reason.
TABLES_OF_NOBODY = {
    "kernel.OutboxCursor": "how far a subscriber has read the cell's log, all merchants together",
}

HEIGHT = {"kernel": 0, "catalog": 1, "stores": 1, "orders": 2}


def our_tables() -> Sequence[type[models.Model]]:
    return [
        table
        for table in apps.get_models(include_auto_created=True)
        if table.__module__.startswith("santong.")
    ]


def test_keys_between_contexts_point_down_and_protect(root: Path) -> None:
    height_by_context = layers.height_by_context(root / "pyproject.toml")

    found = tables.keys_that_do_not_point_down(our_tables(), height_by_context=height_by_context)

    assert found == []


def test_what_is_unique_is_unique_for_one_merchant() -> None:
    found = tables.unique_constraints_without_merchant(
        table for table in our_tables() if table._meta.label not in TABLES_OF_NOBODY
    )

    assert found == []


def test_a_table_belongs_to_a_merchant_or_says_why_not() -> None:
    found = tables.tables_of_nobody(our_tables(), reason_by_label=TABLES_OF_NOBODY)

    assert found == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_merchants_table_has_forced_row_level_security() -> None:
    found = tables.tables_without_row_security(our_tables(), secured=secured_tables())

    assert found == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_application_can_neither_own_nor_bypass_what_it_reads() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        powers = cursor.fetchone()
        cursor.execute("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
        owned = cursor.fetchall()

    assert powers == (False, False)
    assert owned == []


def test_a_key_that_points_up_is_found() -> None:
    registry = Apps()
    order = planted("Order", registry, label="orders")
    sku = planted("Sku", registry, label="catalog", order=key_to(order))

    found = tables.keys_that_do_not_point_down([sku], height_by_context=HEIGHT)

    assert found == ["catalog.Sku.order points up or sideways, at orders"]


def test_a_key_to_a_neighbour_is_found() -> None:
    registry = Apps()
    store = planted("Store", registry, label="stores")
    sku = planted("Sku", registry, label="catalog", store=key_to(store))

    found = tables.keys_that_do_not_point_down([sku], height_by_context=HEIGHT)

    assert found == ["catalog.Sku.store points up or sideways, at stores"]


def test_a_key_that_cascades_and_can_be_walked_back_is_found() -> None:
    registry = Apps()
    sku = planted("Sku", registry, label="catalog")
    line = planted("Line", registry, label="orders", sku=models.ForeignKey(sku, models.CASCADE))

    found = tables.keys_that_do_not_point_down([line], height_by_context=HEIGHT)

    assert found == [
        "orders.Line.sku does not PROTECT",
        'orders.Line.sku has a way back: related_name="+" is missing',
    ]


def test_a_many_to_many_into_another_context_is_found() -> None:
    registry = Apps()
    sku = planted("Sku", registry, label="catalog")
    order = planted("Order", registry, label="orders", skus=models.ManyToManyField(sku))

    found = tables.keys_that_do_not_point_down([order], height_by_context=HEIGHT)

    assert found == ["orders.Order.skus is a many-to-many into another context"]


def test_keys_downwards_and_at_home_are_left_alone() -> None:
    registry = Apps()
    sku = planted("Sku", registry, label="catalog")
    order = planted("Order", registry, label="orders")
    at_home: Any = models.ForeignKey(order, models.CASCADE, related_name="lines")
    line = planted("Line", registry, label="orders", sku=key_to(sku), order=at_home)

    found = tables.keys_that_do_not_point_down([line], height_by_context=HEIGHT)

    assert found == []


def test_every_way_of_being_unique_is_looked_at() -> None:
    registry = Apps()
    sku = planted(
        "Sku",
        registry,
        label="catalog",
        code=models.CharField(max_length=40, unique=True),
        name=models.CharField(max_length=40),
        unique_together=[("name", "merchant_id")],
        constraints=[
            models.UniqueConstraint(fields=["code", "merchant_id"], name="one_code"),
            models.UniqueConstraint(Lower("name"), name="one_name"),
            models.UniqueConstraint(fields=["merchant_id", "code"], name="well_made"),
            models.UniqueConstraint("merchant_id", Lower("name"), name="well_made_too"),
            ExclusionConstraint(name="one_at_a_time", expressions=[("code", "=")]),
        ],
    )

    found = tables.unique_constraints_without_merchant([sku])

    assert found == [
        "catalog.Sku: unique code starts with code",
        "catalog.Sku: unique_together ('name', 'merchant_id') starts with name",
        "catalog.Sku: one_code starts with code",
        "catalog.Sku: one_name starts with Lower(F(name))",
        "catalog.Sku: one_at_a_time starts with code",
    ]


def test_a_table_of_nobody_needs_its_reason() -> None:
    registry = Apps()
    rumour = planted("Rumour", registry, label="orders", bases=(models.Model,))

    found = tables.tables_of_nobody([rumour], reason_by_label={"orders.Gone": "was here once"})

    assert found == ["orders.Rumour is not MerchantOwned", "orders.Gone is excused in vain"]


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_table_without_row_level_security_is_found() -> None:
    registry = Apps()
    bare = planted("Bare", registry, label="orders")
    half = planted("Half", registry, label="orders")
    absent = planted("Absent", registry, label="orders")
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE public.orders_bare (merchant_id bigint)")
        cursor.execute("CREATE TABLE public.orders_half (merchant_id bigint)")
        cursor.execute("ALTER TABLE public.orders_half ENABLE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE public.orders_half FORCE ROW LEVEL SECURITY")
        cursor.execute("CREATE POLICY only_reading ON public.orders_half FOR SELECT USING (true)")

    found = tables.tables_without_row_security([bare, half, absent], secured=secured_tables())

    assert found == [
        "orders_bare has row-level security switched off",
        "orders_bare does not force row-level security on its owner",
        "orders_bare has no policy with both USING and WITH CHECK",
        "orders_half has no policy with both USING and WITH CHECK",
        "orders_absent is not in the database",
    ]


def secured_tables() -> list[tables.TableSecurity]:
    """The least secured copy of each table, over all cells."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, bool_and(c.relrowsecurity), bool_and(c.relforcerowsecurity),"
            " min((SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*'"
            "      AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL))"
            " FROM pg_class c WHERE c.relkind IN ('r', 'p') GROUP BY c.relname"
        )
        return [
            tables.TableSecurity(
                table=table,
                is_enabled=is_enabled,
                is_forced=is_forced,
                policies_with_both_halves=policies,
            )
            for table, is_enabled, is_forced, policies in cursor.fetchall()
        ]


def key_to(table: type[models.Model]) -> models.ForeignKey[models.Model, models.Model]:
    return models.ForeignKey(table, models.PROTECT, related_name="+")


def planted(
    name: str,
    registry: Apps,
    /,
    *,
    label: str,
    bases: tuple[type[models.Model], ...] = (MerchantOwned,),
    unique_together: Sequence[Sequence[str]] = (),
    constraints: Sequence[models.BaseConstraint] = (),
    **fields: Any,
) -> type[models.Model]:
    """A table that exists in one test only."""
    options = {
        "app_label": label,
        "apps": registry,
        "unique_together": unique_together,
        "constraints": constraints,
    }
    body = {"__module__": __name__, "Meta": type("Meta", (), options), **fields}
    table: type[models.Model] = type(name, bases, body)
    return table
