"""A pytest plug-in that keeps only the tests which talk to the database, and not by a browser.

The oldest PostgreSQL has nothing to say about the others. What pages and journeys ask of it, and
what is asked over HTTP with foreign credentials or with nonsense, other tests ask, too; and so it
is with whoever stands on the doors of others and has no tables: the console and the simulation. The
folders of these are not even read, which for the requests alone that are made of the API's
description takes seconds.

Nor has it anything to say about a third cell that it did not say when the second was made: before
these tests the same command made all tables in it, on the same server.
`pytest -p santong_launcher.only_database_tests`.
"""

from pathlib import Path

import pytest

DATABASE_FIXTURES = {"database", "db", "transactional_db", "django_db_setup"}
BROWSER_FIXTURE = "browser"
ASKED_ELSEWHERE = (
    "pages",
    "walks",
    "clients",
    "journeys",
    "security",
    "fuzz",
    "console",
    "simulation",
)
# Its cell gets its tables as that of `checks.TABLES` did.
MAKES_A_CELL = "test_a_new_cell_has_all_tables_and_takes_merchants"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Read no folder of which nothing would be kept."""
    return True if collection_path.is_dir() and collection_path.name in ASKED_ELSEWHERE else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect every test that asks, however indirectly, for no database, or for a browser."""
    asks = {item: _asks(item) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
    items[:] = [item for item in items if asks[item]]


def _asks(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    asks_here = item.path.parent.name not in ASKED_ELSEWHERE and item.name != MAKES_A_CELL
    return asks_here and bool(DATABASE_FIXTURES & fixtures) and BROWSER_FIXTURE not in fixtures


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing to repeat is no failure."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
