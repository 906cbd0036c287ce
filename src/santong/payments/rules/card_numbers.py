"""What looks like a card number never enters: wallets and terminals give names of their own."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from santong.payments.contracts.providers import Refused

FEWEST_DIGITS: Final = 12
MOST_DIGITS: Final = 19

# Whatever people put between the digits: blanks and dashes of any kind, dots, what cannot be seen.
_DIGITS = re.compile(r"[0-9]+(?:[\s.\u00ad\u200b-\u200f\u2010-\u2015\u2212\ufeff_-]+[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
# ISO/IEC 7812-1, annex B: what a doubled digit counts.
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def looks_like_a_card_number(text: str) -> bool:
    """Whether 12 to 19 digits with a card's check digit stand in it, grouped or not."""
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    return any(_has_card(_GROUP.findall(run)) for run in _DIGITS.findall(plain))


def refuse_card_numbers(*texts: str) -> None:
    """Raises Refused where one of the texts looks like a card number, which it does not repeat."""
    if any(looks_like_a_card_number(text) for text in texts):
        raise Refused("CARD_NUMBER", "a card number is never handed in")


def _plain(sign: str) -> str:
    """Digits of any script as ours."""
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def _has_card(groups: list[str]) -> bool:
    """Of neighbouring groups, because a number may stand before a card's."""
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) > MOST_DIGITS:
                break
            if len(digits) >= FEWEST_DIGITS and _ends_in_its_check_digit(digits):
                return True
    return False


def _ends_in_its_check_digit(digits: str) -> bool:
    total = sum(
        _DOUBLED[int(digit)] if place % 2 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )
    return total % 10 == 0 and any(digit != "0" for digit in digits)
