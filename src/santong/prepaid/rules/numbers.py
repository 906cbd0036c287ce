"""Numbers of cards and codes that are shown at a till: digits that nobody can foresee.

The two last are the check digits of ISO/IEC 7064 (MOD 97-10): they find every wrong digit and every
two neighbours that changed places.
"""

from __future__ import annotations

_WHOLE = 100
_CHECK = 97
_REMAINDER = 98
NUMBER_LENGTH = 16
PAY_CODE_LENGTH = 18
SECRET_LENGTH = 8
TAIL = 4
GROUP = 4
# Letters and digits of a secret: none that is misread for another.
ALPHABET = "34679ACDEFGHJKMNPRTUWXY"


def with_check(digits: str) -> str:
    """Digits, followed by their two check digits."""
    return f"{digits}{_REMAINDER - int(digits) * _WHOLE % _CHECK:02}"


def is_checked(number: str) -> bool:
    """Whether digits were read without a slip."""
    return number.isascii() and number.isdigit() and int(number) % _CHECK == 1


def number_of(entropy: bytes) -> str:
    """A card's number out of bytes that nobody can foresee."""
    return _drawn(entropy, length=NUMBER_LENGTH)


def pay_code_of(entropy: bytes) -> str:
    """A code that pays once, out of bytes that nobody can foresee."""
    return _drawn(entropy, length=PAY_CODE_LENGTH)


def secret_of(entropy: bytes) -> str:
    """A card's secret out of bytes that nobody can foresee."""
    number = int.from_bytes(entropy)
    letters: list[str] = []
    for _ in range(SECRET_LENGTH):
        number, value = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[value])
    return "".join(letters)


def grouped(number: str) -> str:
    """A number as it is printed: `6011 0009 9013 9424`."""
    return " ".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))


def cleaned(typed: str) -> str:
    """What was typed, without blanks and hyphens, in capitals."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def read_token(token: str) -> tuple[str, str]:
    """A number and its secret (or nothing), or a code that pays once: as a holder gives them.

    `6011…:SECRET`, `6011…`, or eighteen digits. What is neither has no number.
    """
    number, _, secret = token.partition(":")
    number = cleaned(number)
    if not number or len(number) > PAY_CODE_LENGTH or not is_checked(number):
        return "", ""
    if len(number) not in (NUMBER_LENGTH, PAY_CODE_LENGTH):
        return "", ""
    return number, cleaned(secret)[: SECRET_LENGTH * 2]


def _drawn(entropy: bytes, *, length: int) -> str:
    digits = length - 2
    # The first is never 0: a table calculator would drop it.
    first = 10 ** (digits - 1)
    drawn = int.from_bytes(entropy) % (9 * first)
    while True:
        number = with_check(str(first + drawn))
        # Nothing of ours may be taken for the number of a bank's card: those are never let in.
        if not _is_luhn(number):
            return number
        drawn = (drawn + 1) % (9 * first)


def _is_luhn(number: str) -> bool:
    """Whether the check digit is that of a bank's card (ISO/IEC 7812-1)."""
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2]]
    return (sum(doubled) + sum(int(digit) for digit in number[::-2])) % 10 == 0
