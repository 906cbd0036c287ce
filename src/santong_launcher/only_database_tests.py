"""A pytest plug-in that keeps only the tests which talk to the database, and not by a browser.

The oldest PostgreSQL has nothing to say about the others. What pages ask of it, and what is asked
over HTTP with foreign credentials or with nonsense, other tests ask, too:
`pytest -p santong_launcher.only_database_tests`.
"""

import pytest

DATABASE_FIXTURES = {"database", "db", "transactional_db", "django_db_setup"}
BROWSER_FIXTURE = "browser"
ASKED_ELSEWHERE = ("security", "fuzz")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect every test that asks, however indirectly, for no database, or for a browser."""
    asks = {
        item: _asks(set(getattr(item, "fixturenames", ()))) and not _is_asked_elsewhere(item)
        for item in items
    }
    config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
    items[:] = [item for item in items if asks[item]]


def _asks(fixtures: set[str]) -> bool:
    return bool(DATABASE_FIXTURES & fixtures) and BROWSER_FIXTURE not in fixtures


def _is_asked_elsewhere(item: pytest.Item) -> bool:
    return item.path.parent.name in ASKED_ELSEWHERE


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing to repeat is no failure."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
