"""A pytest plug-in that keeps only the tests which talk to the database, and not by a browser.

The oldest PostgreSQL has nothing to say about the others, and what pages ask of it other tests ask,
too: `pytest -p santong_launcher.only_database_tests`.
"""

import pytest

DATABASE_FIXTURES = {"database", "db", "transactional_db", "django_db_setup"}
BROWSER_FIXTURE = "browser"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect every test that asks, however indirectly, for no database, or for a browser."""
    asks = {item: _asks(set(getattr(item, "fixturenames", ()))) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
    items[:] = [item for item in items if asks[item]]


def _asks(fixtures: set[str]) -> bool:
    return bool(DATABASE_FIXTURES & fixtures) and BROWSER_FIXTURE not in fixtures


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing to repeat is no failure."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
