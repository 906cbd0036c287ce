"""Which card a number with its secret, or a code that pays once, stands for.

A wrong one is an answer, not an exception: the try has to stay counted, so the caller commits.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import attempts
from santong.prepaid.models import Card, CardTerms, PayCode
from santong.prepaid.rules.numbers import PAY_CODE_LENGTH, read_token
from santong.prepaid.rules.terms import terms_from_json
from santong.prepaid.selectors.cards import card_by_number
from santong.prepaid.selectors.sealing import code_hash, secret_hash

MOST_TRIES = 5
WITHIN = timedelta(minutes=15)
MOST_A_DAY = 20
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The card, or nothing; how long to wait, where it was tried too often."""

    card_id: int | None = None
    wait: timedelta | None = None


def try_token(*, merchant_id: int, token: str, now: datetime) -> Tried:
    """Look for the card of what somebody typed or showed; a wrong try counts, a right one not.

    Whether there is a card of this number, nobody learns: every number counts alike. Locks the
    number's counter until the transaction ends, so tries of one card follow one another.
    """
    number, secret = read_token(token)
    if not number:
        return Tried()
    limits = ((MOST_TRIES, WITHIN), (MOST_A_DAY, A_DAY))
    subjects = [f"prepaid/{merchant_id}/{number}/{within.days}" for _, within in limits]
    for subject, (most, within) in zip(subjects, limits, strict=True):
        wait = attempts.take_here(subject=subject, most=most, within=within, now=now)
        if wait is not None:
            return Tried(wait=wait)
    card_id = (
        _by_code(merchant_id, number, now)
        if len(number) == PAY_CODE_LENGTH
        else _by_number(merchant_id, number, secret)
    )
    if card_id is not None:
        for subject in subjects:
            attempts.give_back(subject=subject, taken_at=now)
    return Tried(card_id=card_id)


def _by_code(merchant_id: int, code: str, now: datetime) -> int | None:
    hashed = code_hash(merchant_id=merchant_id, code=code)
    return (
        PayCode.objects.of_merchant(merchant_id)
        .filter(code_hash=hashed, expires_at__gt=now, reference="")
        .values_list("card_id", flat=True)
        .first()
    )


def _by_number(merchant_id: int, number: str, secret: str) -> int | None:
    card = card_by_number(merchant_id=merchant_id, number=number)
    if card is None:
        return None
    if not secret:
        return card.id if _is_number_enough(card) else None
    index = bytes(card.number_index)
    typed = secret_hash(merchant_id=merchant_id, index=index, secret=secret)
    return card.id if hmac.compare_digest(typed, bytes(card.secret_hash)) else None


def _is_number_enough(card: Card) -> bool:
    """A registered card of a programme that asks for no secret."""
    newest = (
        CardTerms.objects.of_merchant(card.merchant_id)
        .filter(programme=card.programme_id)
        .order_by("-version")
        .first()
    )
    return (
        card.person_id is not None
        and newest is not None
        and not terms_from_json(newest.terms).asks_secret
    )
