"""When a delivery that failed is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST_WAIT_MS: Final = 2_000
LONGEST_WAIT_MS: Final = 600_000


def wait_before(*, attempt: int, jitter_thousandths: int) -> timedelta:
    """How long to wait after so many failures (1, 2, …): twice as long each time, up to a limit.

    Half of it is drawn by the caller (0 to 999 thousandths), so that those who failed together do
    not come back together.
    """
    longest = min(FIRST_WAIT_MS << min(attempt - 1, 12), LONGEST_WAIT_MS)
    half = longest // 2
    return timedelta(milliseconds=half + half * jitter_thousandths // 1_000)
