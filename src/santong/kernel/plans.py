"""How PostgreSQL plans what it is asked again and again."""

from __future__ import annotations

from django.db import connection


def plan_for_values() -> None:
    """Until the transaction ends, plan every statement for the values that it is asked with.

    A statement that has been prepared is otherwise planned once for any values. For a list with
    filters that one plan is wrong for the rare ones: it walks down from the newest row and meets
    none. Where each row is found by its key, planning again would only cost time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
