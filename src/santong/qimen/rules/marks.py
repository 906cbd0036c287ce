"""How a field of a document is written: what its text means, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

MOST_UNITS: Final = 1_000_000_000
LONGEST_REMARK: Final = 500


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. What is longer is refused; where `one_of` is given, so is what it lacks."""

    longest: int = 60
    one_of: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = MOST_UNITS


@dataclass(frozen=True, slots=True)
class Scaled:
    """Decimal text that is kept as a whole number of its smallest part: yuan in fen, kg in grams.

    More digits than that are refused where the number is `exact`, as money is, or rounded.
    """

    digits: int
    exact: bool
    least: int = 0
    most: int = 10**12


@dataclass(frozen=True, slots=True)
class Time:
    """`YYYY-MM-DD HH:MM:SS` by China's clock; a date alone is its first second."""


@dataclass(frozen=True, slots=True)
class Day:
    """`YYYY-MM-DD`."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """`Y` or `N`."""


@dataclass(frozen=True, slots=True)
class Named:
    """The element is not called as its field."""

    name: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list: an element that repeats one child."""

    box: str
    each: str


@dataclass(frozen=True, slots=True)
class Properties:
    """Whatever two systems have agreed on: names and texts of their own."""


Code = Annotated[str, Text(60)]
Words = Annotated[str, Text(200)]
Long = Annotated[str, Text(LONGEST_REMARK)]
Count = Annotated[int, Whole()]
Signed = Annotated[int, Whole(least=-MOST_UNITS)]
Number = Annotated[int, Whole(most=10**9)]
Fen = Annotated[int, Scaled(2, exact=True)]
SignedFen = Annotated[int, Scaled(2, exact=True, least=-(10**12))]
Grams = Annotated[int, Scaled(3, exact=False, most=10**9)]
Millimetres = Annotated[int, Scaled(1, exact=False, most=10**7)]
Millilitres = Annotated[int, Scaled(3, exact=False, most=10**9)]
Instant = Annotated[datetime, Time()]
OnDay = Annotated[date, Day()]
Flag = Annotated[bool, YesNo()]
Props = Annotated[tuple[tuple[str, str], ...], Properties()]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Part:
    """What any element that holds others may hold besides. It never says who somebody is."""

    remark: Long = ""
    extend_props: Props = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"
