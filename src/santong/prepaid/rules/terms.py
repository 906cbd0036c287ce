"""Whether a programme's terms make sense, how they are kept, and what they offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from santong.kernel.errors import FieldInvalid
from santong.prepaid.contracts import (
    LONGEST_CODE,
    MOST_DAYS,
    MOST_MINOR,
    SPENDS,
    Offer,
    ProgrammeKind,
    Terms,
)
from santong.prepaid.errors import NoSuchOffer
from santong.prepaid.rules.fields import CODE

MOST_OFFERS = 50
_TERMS = TypeAdapter(Terms)


def check_terms(*, terms: Terms, kind: ProgrammeKind) -> None:
    """Refuse terms that could not be kept. Raises FieldInvalid, which says where."""
    for pointer, reason in _complaints(terms, kind):
        raise FieldInvalid(pointer=pointer, reason=reason)


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Terms as they are kept."""
    written: dict[str, Any] = _TERMS.dump_python(terms, mode="json")
    return written


def terms_from_json(written: Mapping[str, Any]) -> Terms:
    """Terms as they were kept."""
    return _TERMS.validate_python(dict(written))


def offer_named(terms: Terms, *, code: str, amount_minor: int) -> Offer | None:
    """The offer that is taken, none where none is named. Raises NoSuchOffer."""
    if not code:
        return None
    found = next((each for each in terms.offers if each.code == code), None)
    if found is None or found.pay_minor != amount_minor:
        raise NoSuchOffer(offer=code[:LONGEST_CODE])
    return found


def good_until(terms: Terms, *, is_registered: bool, now: datetime) -> datetime | None:
    """Until when a card is good that becomes one now; a registered card never ends."""
    days = valid_days(terms, is_registered=is_registered)
    return None if days is None else now + timedelta(days=days)


def valid_days(terms: Terms, *, is_registered: bool) -> int | None:
    """For how many days a card is good; nothing for ever."""
    return None if is_registered or not terms.bearer_days else terms.bearer_days


def _complaints(terms: Terms, kind: ProgrammeKind) -> Iterator[tuple[str, str]]:
    if terms.spends not in SPENDS:
        yield "/spends", f"one of {', '.join(SPENDS)}"
    if not 1 <= terms.least_minor <= terms.most_minor <= MOST_MINOR:
        yield "/least_minor", "from 1 to the most, in minor units"
    if not 0 <= terms.bearer_days <= MOST_DAYS:
        yield "/bearer_days", f"from 0 (for ever) to {MOST_DAYS}"
    if terms.bearer_days and terms.bearer_days < terms.profile.bearer_days_least:
        yield "/bearer_days", f"{terms.profile.code}: at least {terms.profile.bearer_days_least}"
    if not 0 <= terms.give_back_grace_days <= MOST_DAYS:
        yield "/give_back_grace_days", f"from 0 to {MOST_DAYS}"
    if kind == "gift" and not terms.asks_secret:
        yield "/asks_secret", "a gift card is never spent by its number alone"
    if len(terms.offers) > MOST_OFFERS:
        yield "/offers", f"at most {MOST_OFFERS}"
    if len({offer.code for offer in terms.offers}) < len(terms.offers):
        yield "/offers", "a code stands once"
    for place, offer in enumerate(terms.offers):
        yield from _complaints_of_offer(offer, place, terms)


def _complaints_of_offer(offer: Offer, place: int, terms: Terms) -> Iterator[tuple[str, str]]:
    here = f"/offers/{place}"
    if len(offer.code) > LONGEST_CODE or not CODE.fullmatch(offer.code):
        yield f"{here}/code", "1 to 40 letters, digits, dots, hyphens, underscores"
    if not terms.least_minor <= offer.pay_minor <= terms.most_minor:
        yield f"{here}/pay_minor", "between the least and the most that is put on a card"
    if not 0 <= offer.bonus_minor <= MOST_MINOR:
        yield f"{here}/bonus_minor", f"from 0 to {MOST_MINOR}"
    if not 0 <= offer.bonus_days <= MOST_DAYS:
        yield f"{here}/bonus_days", f"from 0 (for ever) to {MOST_DAYS}"
