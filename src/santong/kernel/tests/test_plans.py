"""Lists are planned for the values that they are asked with."""

from __future__ import annotations

from django.db import connection

from santong.kernel import tenancy
from santong.kernel.plans import plan_for_values


def plan_cache_mode() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        mode: str = cursor.fetchone()[0]
        return mode


def test_statements_are_planned_for_their_values_until_the_transaction_ends(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        before = plan_cache_mode()
        plan_for_values()
        inside = plan_cache_mode()

    with tenancy.scope(merchant_id=merchant):
        after = plan_cache_mode()

    assert (before, inside, after) == ("auto", "force_custom_plan", "auto")
