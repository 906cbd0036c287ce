"""Programmes of cards, and what they promise now and promised once."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.prepaid import contracts
from santong.prepaid.errors import NothingOnSale
from santong.prepaid.models import CardProgramme, CardTerms


def programmes(*, merchant_id: int) -> list[contracts.CardProgramme]:
    """Every programme of cards, oldest first."""
    return [
        row.as_contract() for row in CardProgramme.objects.of_merchant(merchant_id).order_by("id")
    ]


def programme_by_code(*, merchant_id: int, code: str) -> contracts.CardProgramme:
    """One programme of cards. Raises NoSuch."""
    row = CardProgramme.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="card_programme", key=code[: contracts.LONGEST_CODE])
    found: contracts.CardProgramme = row.as_contract()
    return found


def newest_terms(*, merchant_id: int, programme_id: int) -> contracts.PublishedTerms | None:
    """The terms by which a programme sells now, if it has published any."""
    row = (
        CardTerms.objects.of_merchant(merchant_id)
        .filter(programme=programme_id)
        .order_by("-version")
        .first()
    )
    return row.as_contract() if row else None


def terms_of(*, merchant_id: int, programme: contracts.CardProgramme) -> contracts.PublishedTerms:
    """The terms by which a programme sells now. Raises NothingOnSale."""
    found = newest_terms(merchant_id=merchant_id, programme_id=programme.id)
    if found is None:
        raise NothingOnSale(programme=programme.code)
    return found


def terms_page(
    *, merchant_id: int, programme_id: int, before_id: int, limit: int
) -> list[contracts.PublishedTerms]:
    """Versions of a programme's terms below an id, newest first."""
    rows = (
        CardTerms.objects.of_merchant(merchant_id)
        .filter(programme=programme_id, id__lt=before_id)
        .order_by("-id")[:limit]
    )
    return [row.as_contract() for row in rows]
