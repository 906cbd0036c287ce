"""What a log may say of something that broke: what kind it was and where, never its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

MOST_CAUSES: Final = 12


class Unsaid(Exception):
    """A failure as a log may show it: its kinds, and the way to where it came from."""


def unsaid(failure: BaseException) -> Unsaid:
    """A failure without its words, for a line of the log.

    A driver's message repeats the values that it could not take, and with them a shopper's number.
    """
    kinds = (_kind(each) for each in _causes(failure))
    told = Unsaid(" from ".join(kinds)).with_traceback(failure.__traceback__)
    told.__suppress_context__ = True
    return told


def _causes(failure: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = failure
    for _ in range(MOST_CAUSES):
        if each is None:
            return
        yield each
        each = each.__cause__ or each.__context__


def _kind(failure: BaseException) -> str:
    state = getattr(failure, "sqlstate", None)
    return type(failure).__qualname__ + (f" {state}" if state else "")
