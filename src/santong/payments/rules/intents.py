"""What an intent must be before it is opened, and by what it is known again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.payments.contracts import (
    LONGEST_KEY,
    LONGEST_SUBJECT,
    MOST_INSTALMENTS,
    MOST_MINOR,
    MOST_TENDERS,
    NewIntent,
    NewTender,
)
from santong.payments.errors import CardNumberSeen
from santong.payments.rules.card_numbers import looks_like_a_card_number
from santong.payments.rules.documents import check_document
from santong.payments.rules.txns import check_amount, check_text

LONGEST_TOKEN: Final = 512
LONGEST_URL: Final = 500
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def check_intent(new: NewIntent) -> None:
    """An intent is well formed. Raises FieldInvalid, CardNumberSeen."""
    check_text(new.key, most=LONGEST_KEY, pointer="/key", least=1)
    check_document(new.document)
    check_text(new.subject, most=LONGEST_SUBJECT, pointer="/subject", least=1)
    check_no_card(new.subject, pointer="/subject")
    check_text(new.return_url, most=LONGEST_URL, pointer="/return_url")
    if not _CURRENCY.fullmatch(new.currency):
        raise FieldInvalid(pointer="/currency", reason="three capital letters")
    _check_minor(new.amount_minor, pointer="/amount_minor")
    if len(new.tenders) > MOST_TENDERS:
        raise FieldInvalid(pointer="/tenders", reason=f"at most {MOST_TENDERS}")
    for place, tender in enumerate(new.tenders):
        check_tender(tender, pointer=f"/tenders/{place}")
    if sum(tender.amount_minor for tender in new.tenders) > new.amount_minor:
        raise FieldInvalid(pointer="/tenders", reason="more than the whole amount")


def check_tender(new: NewTender, *, pointer: str = "") -> None:
    """A tender is well formed. Raises FieldInvalid, CardNumberSeen."""
    check_text(new.account_code, most=40, pointer=f"{pointer}/account_code", least=1)
    _check_minor(new.amount_minor, pointer=f"{pointer}/amount_minor")
    check_text(new.token, most=LONGEST_TOKEN, pointer=f"{pointer}/token")
    if not 0 <= new.change_minor <= MOST_MINOR:
        raise FieldInvalid(pointer=f"{pointer}/change_minor", reason=f"0 to {MOST_MINOR}")
    if not 1 <= new.instalments <= MOST_INSTALMENTS:
        raise FieldInvalid(pointer=f"{pointer}/instalments", reason=f"1 to {MOST_INSTALMENTS}")


def check_no_card(text: str, *, pointer: str) -> None:
    """No card number stands in a text that we keep. Raises CardNumberSeen."""
    if looks_like_a_card_number(text):
        raise CardNumberSeen(pointer=pointer)


def hash_of_intent(new: NewIntent) -> str:
    """What makes two requests the same one; when it ends and what devices gave is no part of it."""
    said = [
        new.document,
        new.currency,
        new.amount_minor,
        new.authorise_only,
        _tenders(new.tenders),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _tenders(tenders: Sequence[NewTender]) -> list[list[str | int]]:
    """One instalment is not said: what was asked before they were counted is still the same."""
    return [
        [
            *(tender.account_code, tender.amount_minor, tender.way),
            *((tender.instalments,) if tender.instalments > 1 else ()),
        ]
        for tender in tenders
    ]


def _check_minor(amount: int, *, pointer: str) -> None:
    check_amount(amount, pointer=pointer)
    if amount > MOST_MINOR:
        raise FieldInvalid(pointer=pointer, reason=f"1 to {MOST_MINOR}")
