"""Moods of the simulated provider: what goes wrong is a pure function of a seed and a name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final, Literal, get_args

# Of a call: it is refused, or not answered (nothing was done, or it was), or there were too many.
# Of a notice: it never comes, comes twice, late, or with one of a state that has passed after it.
# Of a close: the buyer was faster. Of a refund and a transfer: it takes its time, it fails then.
Mood = Literal[
    "refused",
    "too_often",
    "not_done_unheard",
    "done_unheard",
    "notice_lost",
    "notice_twice",
    "notice_late",
    "waiting_told_last",
    "paid_while_closing",
    "refund_works",
    "refund_fails",
    "transfer_works",
    "transfer_fails",
    "transfer_returned",
]
MOODS: Final[tuple[Mood, ...]] = get_args(Mood)
OF_CALLS: Final[tuple[Mood, ...]] = ("refused", "too_often", "not_done_unheard", "done_unheard")

# How often, of ten thousand.
TEN_THOUSAND: Final = 10_000
PROFILES: Final[Mapping[str, Mapping[Mood, int]]] = {
    "calm": {},
    "stormy": {
        "too_often": 300,
        "not_done_unheard": 400,
        "done_unheard": 400,
        "notice_lost": 1_000,
        "notice_twice": 1_500,
        "notice_late": 2_000,
        "waiting_told_last": 1_000,
        "paid_while_closing": 1_500,
        "refund_works": 4_000,
        "refund_fails": 700,
        "transfer_works": 4_000,
        "transfer_fails": 700,
        "transfer_returned": 700,
    },
}
PREFIX: Final = "mood:"


def moods_named(text: str) -> frozenset[Mood]:
    """The moods that somebody asks for: `mood:notice_lost,notice_twice`; others are ignored."""
    if not text.startswith(PREFIX):
        return frozenset()
    named = {name.strip() for name in text.removeprefix(PREFIX).split(",")}
    return frozenset(mood for mood in MOODS if mood in named)


def falls(*, mood: Mood, profile: str, seed: str, about: str, attempt: int = 1) -> bool:
    """Whether a profile lets a mood fall upon something, the same whenever it is asked."""
    chance = PROFILES[profile].get(mood, 0)
    return chance > 0 and number(seed, mood, about, attempt, below=TEN_THOUSAND) < chance


def mood_of_call(
    *, profile: str, seed: str, about: str, attempt: int, named: frozenset[Mood] = frozenset()
) -> Mood | None:
    """What goes wrong with a call; what was asked for by name goes wrong once."""
    if attempt == 1:
        for mood in OF_CALLS:
            if mood in named:
                return mood
    for mood in OF_CALLS:
        if falls(mood=mood, profile=profile, seed=seed, about=about, attempt=attempt):
            return mood
    return None


def has_moods_of_calls(profile: str) -> bool:
    """Whether calls of a profile ever go wrong; those of a calm one need not be counted."""
    return any(mood in PROFILES[profile] for mood in OF_CALLS)


def number(seed: str, *names: str | int, below: int) -> int:
    """A whole number from 0, drawn by names: the same names draw the same one."""
    text = "\x1f".join([seed, *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below
