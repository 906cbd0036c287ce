"""Numbers of taxpayers: 统一社会信用代码 (GB 32100-2015), eighteen characters."""

from __future__ import annotations

# The standard's characters in the order of their values; I, O, S, V and Z are not among them.
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_CHARACTERS)}
_LENGTH = 18


def check_character(first: str) -> str:
    """The eighteenth character of a code that begins with these seventeen.

    Each character's value weighs 3 to the power of its place, modulo 31.
    """
    total = sum(_VALUE[character] * pow(3, place, 31) for place, character in enumerate(first))
    return _CHARACTERS[-total % 31]


def is_taxpayer_number(text: str) -> bool:
    """Whether a code is written as the standard asks, with the right check character."""
    return (
        len(text) == _LENGTH
        and all(character in _VALUE for character in text)
        and text[2:8].isdigit()
        and check_character(text[:-1]) == text[-1]
    )


def cleaned_number(text: str) -> str:
    """A code as somebody typed it, in the writing of the standard."""
    return "".join(text.split()).upper()
