"""How soon an issuer is asked again."""

from __future__ import annotations

from datetime import timedelta

FIRST_SECONDS = 5
LONGEST_SECONDS = 3_600
CLAIMED_FOR = timedelta(minutes=2)
# Whoever has not been answered after so many tries is shown to somebody.
TRIES_UNSEEN = 8


def pause(*, attempts: int) -> timedelta:
    """Twice as long with every try, an hour at most."""
    return timedelta(seconds=min(FIRST_SECONDS * 2 ** min(attempts, 20), LONGEST_SECONDS))
