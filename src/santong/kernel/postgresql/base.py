"""Django's PostgreSQL, with transactions begun and committed by their words.

The driver stays in its autocommit mode. To change modes twice for every transaction, and to ask
before every request whether the connection lives, cost more than short statements do; a scope
notices by itself that a connection was lost, and opens another (see `tenancy`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import Atomic
from psycopg import pq
from psycopg.errors import error_from_result

if TYPE_CHECKING:
    from santong.kernel.line import Call, Opening

_OUTERMOST = Atomic(using=None, savepoint=True, durable=False)
_OF_THE_BLOCK = (
    "atomic_blocks",
    "autocommit",
    "commit_on_exit",
    "in_atomic_block",
    "needs_rollback",
    "run_on_commit",
    "savepoint_ids",
)


class DatabaseWrapper(base.DatabaseWrapper):
    """What `ENGINE` names. Nested blocks, savepoints and hooks are Django's own."""

    health_check_done: bool
    run_commit_hooks_on_set_autocommit_on: bool
    # What the open transaction sends with its next statement. `wire` fills and empties it.
    kept_back: list[Call]
    # How a scope begins, until its first statement has taken that along.
    opening: Opening | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept_back = []

    def announce(self, opening: Opening) -> None:
        """Enter Django's outermost block; its transaction begins with the first statement."""
        # The first statement tells whether the connection lives; Django would send one to ask.
        self.health_check_done = True
        if self.connection is None:
            self.ensure_connection()
        self.commit_on_exit = self.in_atomic_block = True
        self.needs_rollback = self.autocommit = False
        self.atomic_blocks.append(_OUTERMOST)
        self.opening = opening

    def leave(self) -> None:
        """Leave the outermost block: all is committed."""
        self.atomic_blocks.pop()
        self.in_atomic_block = self.errors_occurred = False
        self.autocommit = True
        if self.run_on_commit:
            self.run_and_clear_commit_hooks()

    def leave_undone(self, failure: BaseException | None) -> None:
        """Leave the outermost block as Django does, rolling back."""
        self.opening = None
        _OUTERMOST.__exit__(type(failure) if failure else None, failure, None)

    def reconnect(self) -> None:
        """Go on with another connection in the block that was announced: nothing was said yet."""
        kept = {name: getattr(self, name) for name in _OF_THE_BLOCK}
        self.connection.close()
        with self.wrap_database_errors:
            self.connect()
        for name, value in kept.items():
            setattr(self, name, value)

    def _cursor(self, name: str | None = None) -> Any:
        if self.opening is not None:
            self.opening.send()
        return super()._cursor(name)  # type: ignore[misc]  # not in the stubs

    def _start_transaction_under_autocommit(self) -> None:
        """Django calls this where a database begins by a word and not by a mode."""
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
