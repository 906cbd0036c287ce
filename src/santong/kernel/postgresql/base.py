"""Django's PostgreSQL, with transactions begun and committed by their words.

The driver stays in its autocommit mode. To change modes twice for every transaction, and to ask
before every request whether the connection lives, cost more than short statements do; a scope
notices by itself that a connection was lost, and opens another (see `tenancy`).
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg import pq
from psycopg.errors import error_from_result


class DatabaseWrapper(base.DatabaseWrapper):
    """What `ENGINE` names. Nested blocks, savepoints and hooks are Django's own."""

    health_check_done: bool
    # What the open transaction sends with its next statement: prepared names and values. It is
    # filled and emptied by `wire`.
    kept_back: list[tuple[bytes, list[Any] | None]]
    # A scope begins its transaction together with its first statement.
    begins_with_first_statement = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept_back = []

    def _start_transaction_under_autocommit(self) -> None:
        """Django calls this where a database begins by a word and not by a mode."""
        if not self.begins_with_first_statement:
            self._say(b"BEGIN")

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001  as Django calls it
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # not in the stubs

    def _commit(self) -> None:
        if self.connection is None or not self.connection.autocommit:
            super()._commit()  # type: ignore[misc]  # not in the stubs
            return
        # A scope has committed by now, and there is nothing left to say.
        if self.connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            with debug_transaction(self, "COMMIT"):
                self._say(b"COMMIT")

    def _say(self, word: bytes) -> None:
        with self.wrap_database_errors:
            result = self.connection.pgconn.exec_(word)
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise error_from_result(result)
