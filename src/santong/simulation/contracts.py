"""What the simulation tells of its work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

# Told that so many more steps are done.
Progress = Callable[[int], None]
# Begins a bar: what is being done, and how many steps it has.
Bars = Callable[[str, int], Progress]


# In their order; goods of a pickup are made ready instead of handed over.
Step = Literal["offered", "accepted", "picking", "packed", "ready", "handed_over", "collected"]
STEPS: tuple[Step, ...] = get_args(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who works: the places by id, what chance each has of accepting, and the seed of it all."""

    seed: int
    name_by_place: Mapping[int, str]
    accept_ppm_by_place: Mapping[int, int]


@dataclass(slots=True)
class Worked:
    """What simulated places did with the work that they were given.

    `left` are orders that could not be worked on, however often it was tried.
    """

    orders: int = 0
    left: int = 0
    delivered: int = 0
    accepted: int = 0
    rerouted: int = 0
    handed_over: int = 0
    collected: int = 0
    declined: Counter[str] = field(default_factory=Counter[str])

    def add(self, other: Worked) -> None:
        """Count what others did as well."""
        self.orders += other.orders
        self.left += other.left
        self.delivered += other.delivered
        self.accepted += other.accepted
        self.rerouted += other.rerouted
        self.handed_over += other.handed_over
        self.collected += other.collected
        self.declined += other.declined


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """How somebody of the demo merchant gets in."""

    merchant: str
    login: str
    password: str = field(repr=False)
    role: str
