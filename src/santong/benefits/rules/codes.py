"""Codes that people read out: short, with a check letter, and too many to be guessed."""

from __future__ import annotations

# Twenty-three letters, a prime: the weighted check finds every wrong letter and every two letters
# that changed places. None that is misheard or misread: no 0/O/Q, 1/I/L, 2/Z, 5/S, 8/B, U/V.
ALPHABET = "34679ACDEFGHJKMNPRTUWXY"
LETTERS = 11
LENGTH = LETTERS + 1
_GROUP = 4
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}


def spelled(secret: bytes) -> str:
    """A code out of sixteen bytes that nobody can foresee."""
    number = int.from_bytes(secret)
    letters: list[str] = []
    for _ in range(LETTERS):
        number, value = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[value])
    body = "".join(letters)
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """What makes the weighted sum of a whole code a multiple of twenty-three."""
    total = sum(weight * _VALUE[letter] for weight, letter in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]


def normalised(typed: str) -> str:
    """A code as it was typed: case, blanks and hyphens do not matter."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def is_code(code: str) -> bool:
    """Whether letters, length and check letter are those of a code."""
    return (
        len(code) == LENGTH
        and all(letter in _VALUE for letter in code)
        and check_letter(code[:-1]) == code[-1]
    )


def grouped(code: str) -> str:
    """A code as it is printed: `7YKM-34AC-PR9W`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
