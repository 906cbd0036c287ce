"""Tests run against a real PostgreSQL with two cells; each test has a merchant of its own.

Nothing is cleaned up between tests: row-level security keeps one test's merchant from seeing
another's rows, exactly as it does for customers. `SANTONG_*_DATABASE_URL` say where, and
`SANTONG_TEST_TEMPLATE` which database there has the tables already; `./santong test` sets them.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as searching
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)

# How long somebody waits for a lock, or an example takes, says how busy the machine is, and nothing
# of the product. Who would wait for ever is found within a second.
PATIENT = "-c lock_timeout=120s"
searching.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searching.load_profile("busy")

EMPTY = "template0"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`./santong test -- tests/pages --pictures FOLDER` keeps what was looked at, for people."""
    parser.addoption("--pictures", metavar="FOLDER", help="keep a picture of every page looked at")


@pytest.fixture(scope="session", autouse=True)
def _light_hashing() -> None:
    """A password costs a quarter of a second by design, which most tests do not ask about.

    Those that do take the product's hasher back.
    """
    settings.PASSWORD_HASHERS = ["santong.merchants.tests.factories.LightHasher"]


@pytest.fixture(scope="session", autouse=True)
def _files_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests keep of evidence is gone with them."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A new database with two cells, `main` and `second`, gone at the end."""
    from santong.kernel import cells  # noqa: PLC0415
    from santong.kernel.management.commands.migrate_cells import migrate_all  # noqa: PLC0415

    template = os.environ.get("SANTONG_TEST_TEMPLATE", EMPTY)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    name = f"test_{os.environ.get('SANTONG_TEST_NAME', 'santong')}_{os.getpid()}_{worker}"
    with django_db_blocker.unblock():
        admin = connections["owner"].get_connection_params()
        admin = {key: admin[key] for key in ("user", "password", "host", "port") if key in admin}
        with psycopg.connect(**admin, dbname="postgres", autocommit=True) as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            options = connections[alias].settings_dict["OPTIONS"]
            options["options"] = f"{options['options']} {PATIENT}"
        migrate_all(connections["owner"], verbosity=0)
        if "second" not in {cell.name for cell in cells.all_cells(using="owner")}:
            migrate_all(connections["owner"], create="second", verbosity=0)
        try:
            yield
        finally:
            for alias in ("default", "owner"):
                connections[alias].close()
            # A server that came with the tables is thrown away whole.
            if template == EMPTY:
                with psycopg.connect(**admin, dbname="postgres", autocommit=True) as server:
                    _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    """The server may be cleaning up in there, and nobody but a superuser could end that."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for left in reversed(range(20)):
        try:
            server.execute(drop)
        except psycopg.errors.InsufficientPrivilege:
            if not left:
                raise
            time.sleep(0.5)
        else:
            return


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real connections and real commits."""
    from santong.kernel import cells, crypto  # noqa: PLC0415

    with django_db_blocker.unblock():
        cells.forget()
        crypto.forget_keys()
        yield
        assert not connection.in_atomic_block, "the test left a transaction open"


@pytest.fixture
def now() -> datetime:
    """A fixed instant: 2026-11-11 15:27 in China."""
    return NOW


_numbers = itertools.count(1)


@pytest.fixture
def new_merchant(database: None) -> Callable[..., int]:
    """Opens merchants, committed, in the cell that is asked for; gives their ids."""
    from santong.kernel import cells, tenancy  # noqa: PLC0415
    from santong.merchants import public as merchants  # noqa: PLC0415

    def open_one(*, cell: str = "main") -> int:
        home = next(known for known in cells.all_cells() if known.name == cell)
        code = f"m{next(_numbers)}-{uuid.uuid4().hex[:12]}"
        merchant_id = cells.register_merchant(code=code, cell=home)
        with tenancy.scope(merchant_id=merchant_id):
            merchants.open_merchant(
                merchant_id=merchant_id, code=code, name="测试商家", currency="CNY", now=NOW
            )
        return merchant_id

    return open_one


@pytest.fixture
def merchant(new_merchant: Callable[..., int]) -> int:
    """A merchant that is really there; the test opens its scopes itself, or talks HTTP."""
    return new_merchant()


@pytest.fixture
def merchant_id(merchant: int) -> Iterator[int]:
    """A merchant whose scope is open; all that the test writes is rolled back."""
    from santong.kernel import tenancy  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant):
        yield merchant
        transaction.set_rollback(True)


@pytest.fixture
def at_once(database: None) -> Callable[..., list[Any]]:
    """Runs functions at the same moment, each in a thread with a connection of its own.

    Gives each one's result, or the exception that it raised, in order.
    """

    def run(*functions: Callable[[], Any]) -> list[Any]:
        gate = threading.Barrier(len(functions))

        def one(function: Callable[[], Any]) -> Any:
            try:
                connection.ensure_connection()
                gate.wait(timeout=30)
                return function()
            except Exception as raised:  # noqa: BLE001  the test asks what was raised
                return raised
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=len(functions)) as pool:
            return [future.result() for future in [pool.submit(one, f) for f in functions]]

    return run
