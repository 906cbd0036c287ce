"""Parties, with their receivers masked."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.settlement import contracts
from santong.settlement.models import Party

SHOWN_CHARACTERS = 4


def place_of_receiver(code: str) -> str:
    """Where a party's receiver belongs; its ciphertext opens nowhere else."""
    return f"settlement.party:{code}"


def receiver_of(row: Party) -> str:
    """A party's name at the payment account, in clear text: for the transfer only."""
    assert row.receiver_sealed is not None
    return crypto.decrypt(
        merchant_id=row.merchant_id,
        sealed=bytes(row.receiver_sealed),
        place=place_of_receiver(row.code),
    ).decode()


def party_by_id(*, merchant_id: int, party_id: int) -> contracts.Party:
    """One party. Raises NoSuch."""
    row = Party.objects.of_merchant(merchant_id).filter(id=party_id).first()
    if row is None:
        raise NoSuch(kind="party", key=str(party_id))
    return _shown(row)


def parties_page(
    *,
    merchant_id: int,
    kind: contracts.PartyKind | None = None,
    party_ids: Collection[int] | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Party]:
    """Parties, newest first; with `party_ids`, of those only."""
    rows = Party.objects.of_merchant(merchant_id)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if party_ids is not None:
        rows = rows.filter(id__in=list(party_ids))
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [_shown(row) for row in rows.order_by("-id")[:limit]]


def parties_by_text(*, merchant_id: int, text: str, limit: int = 50) -> list[contracts.Party]:
    """Parties of which the code or the name is this text, or that are called so in part."""
    rows = Party.objects.of_merchant(merchant_id).filter(
        Q(code=text) | Q(name__icontains=text) | Q(code__iendswith=f":{text}")
    )
    return [_shown(row) for row in rows.order_by("-id")[:limit]]


def parties_by_code(*, merchant_id: int, codes: Collection[str]) -> dict[str, contracts.Party]:
    """Parties by their codes; those that no sale has opened yet are left out."""
    rows = Party.objects.of_merchant(merchant_id).filter(code__in=list(codes))
    return {row.code: _shown(row) for row in rows}


def parties_by_id(*, merchant_id: int, party_ids: Collection[int]) -> dict[int, contracts.Party]:
    """Parties by their ids; those that are not there are left out."""
    rows = Party.objects.of_merchant(merchant_id).filter(id__in=list(party_ids))
    return {row.id: _shown(row) for row in rows}


def _shown(row: Party) -> contracts.Party:
    receiver = receiver_of(row) if row.receiver_sealed else ""
    hidden = "*" * max(0, len(receiver) - SHOWN_CHARACTERS)
    return row.as_contract(receiver=hidden + receiver[len(hidden) :] if receiver else "")
