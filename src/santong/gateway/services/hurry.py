from __future__ import annotations

from typing import Final

from santong.kernel.wire import Statement

_HURRY: Final = Statement("""
SELECT set_config('lock_timeout', %(lock)s, true) IS NULL,
  set_config('statement_timeout', %(statement)s, true) IS NULL
""")


# A question changes nothing, and need not wait for the disk. If the server dies within the second,
# its line of the log may be lost.
_HURRY_UNHURRIED: Final = Statement("""
SELECT set_config('lock_timeout', %(lock)s, true) IS NULL,
  set_config('statement_timeout', %(statement)s, true) IS NULL,
  set_config('synchronous_commit', 'off', true) IS NULL
""")


def hurry(*, milliseconds: int) -> None:
    """Give the open transaction no longer than whoever asked waits: a late answer is none."""
    _HURRY.later(_times(milliseconds))


def hurry_question(*, milliseconds: int) -> None:
    """The same for a transaction that only asks: it commits without waiting for the disk."""
    _HURRY_UNHURRIED.later(_times(milliseconds))


def _times(milliseconds: int) -> dict[str, str | None]:
    return {"lock": f"{milliseconds // 2}ms", "statement": f"{milliseconds}ms"}
