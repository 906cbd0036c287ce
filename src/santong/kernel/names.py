"""Names that are known over all cells: which merchant an app key or another such name belongs to.

What comes from outside and names no merchant (an app key, a code that somebody was given) is
looked up here first. A name has one merchant for as long as it is taken.
"""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

from santong.kernel.remembered import Remembered

# A name that was released may be recognised by another process for so much longer.
REMEMBER_SECONDS = 5.0

_known: Remembered[tuple[str, str], int | None] = Remembered(seconds=REMEMBER_SECONDS)


def take(*, kind: str, name: str, merchant_id: int) -> bool:
    """Give a name to a merchant, as part of the open transaction; whether it has it now.

    Taking it again changes nothing. False if it is another merchant's.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory.name (kind, name, merchant_id) VALUES (%s, %s, %s)"
            " ON CONFLICT (kind, name) DO NOTHING",
            [kind, name, merchant_id],
        )
        cursor.execute(
            "SELECT merchant_id FROM directory.name WHERE kind = %s AND name = %s", [kind, name]
        )
        found = cursor.fetchone()
    _known.forget()
    return found is not None and int(found[0]) == merchant_id


def release(*, kind: str, name: str, merchant_id: int) -> None:
    """Take a name back from its merchant, as part of the open transaction."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "DELETE FROM directory.name WHERE kind = %s AND name = %s AND merchant_id = %s",
            [kind, name, merchant_id],
        )
    _known.forget()


def merchant_of(*, kind: str, name: str) -> int | None:
    """Whose name it is, remembered for a few seconds; None if it is nobody's."""
    return _known.get((kind, name), lambda: _look_up(kind, name))


def _look_up(kind: str, name: str) -> int | None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT merchant_id FROM directory.name WHERE kind = %s AND name = %s", [kind, name]
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None
