from __future__ import annotations

from santong.kernel.wire import Statement

_HURRY = Statement("""
SELECT set_config('lock_timeout', %(lock)s, true) IS NULL,
  set_config('statement_timeout', %(statement)s, true) IS NULL
""")


def hurry(*, milliseconds: int) -> None:
    """Give the open transaction no longer than whoever asked waits: a late answer is none."""
    _HURRY.later({"lock": f"{milliseconds // 2}ms", "statement": f"{milliseconds}ms"})
