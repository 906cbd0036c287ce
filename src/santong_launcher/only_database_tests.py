"""A pytest plug-in that keeps only the tests which talk to the database.

The oldest PostgreSQL has nothing to say about the others: `pytest -p
santong_launcher.only_database_tests`.
"""

import pytest

DATABASE_FIXTURES = {"database", "db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect every test that asks, however indirectly, for no database."""
    asks = {
        item: bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))) for item in items
    }
    config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
    items[:] = [item for item in items if asks[item]]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing to repeat is no failure."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
