"""One-time codes: how long they live, how often they may be asked for and typed."""

from __future__ import annotations

from datetime import timedelta

DIGITS = 6
TRIES_MAX = 5
LIVES_FOR = timedelta(minutes=5)
# Who has proved a phone has this long to read what they agree to.
PROVED_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(hours=1)
MESSAGES_KEPT_FOR = timedelta(days=1)

# (how many codes, in which span) may be asked for one phone: five guesses at each.
MOST_BY_PHONE = (
    (1, timedelta(minutes=1)),
    (5, timedelta(hours=1)),
    (10, timedelta(days=1)),
)
# Behind one address may be a whole store.
MOST_BY_ADDRESS = ((100, timedelta(hours=1)),)
MOST_WRONG_BY_ADDRESS = (50, timedelta(minutes=15))


def spelled(number: int) -> str:
    """A code as it is sent."""
    return f"{number:0{DIGITS}}"


def cleaned(typed: str) -> str:
    """A code as somebody typed it, or nothing if it cannot be one."""
    # Full-width digits are what a Chinese keyboard may give.
    code = "".join(str(int(letter)) for letter in typed[:40] if letter.isdecimal())
    return code if len(code) == DIGITS else ""
