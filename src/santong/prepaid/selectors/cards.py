"""Cards: which there are, whose they are, and what is on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.models import Card, CardProgramme, Gift, TopUp, Use
from santong.prepaid.selectors.sealing import number_index, opened_number

AVAILABLE = "available"


def card_by_id(*, merchant_id: int, card_id: int) -> contracts.Card:
    """One card. Raises NoSuch."""
    found: contracts.Card = card_row(merchant_id=merchant_id, card_id=card_id).as_contract()
    return found


def card_row(*, merchant_id: int, card_id: int) -> Card:
    """One card's row, its programme with it. Raises NoSuch."""
    row = (
        Card.objects.of_merchant(merchant_id).select_related("programme").filter(id=card_id).first()
    )
    if row is None:
        raise NoSuch(kind="card", key=str(card_id))
    return row


def card_by_number(*, merchant_id: int, number: str) -> Card | None:
    """The row of the card with this number, if there is one."""
    index = number_index(merchant_id=merchant_id, number=number)
    return Card.objects.of_merchant(merchant_id).filter(number_index=index).first()


def cards_of_persons(*, merchant_id: int, person_ids: Collection[int]) -> list[contracts.Card]:
    """Cards that are registered to somebody, newest first."""
    rows = (
        Card.objects.of_merchant(merchant_id)
        .filter(current_person_id__in=list(person_ids))
        .select_related("programme")
        .order_by("-id")
    )
    return [row.as_contract() for row in rows]


def card_number(*, merchant_id: int, card_id: int) -> str:
    """A card's whole number, for whoever it is registered to. Raises NoSuch."""
    return opened_number(card_row(merchant_id=merchant_id, card_id=card_id))


def cards_page(
    *,
    merchant_id: int,
    tail: str = "",
    programme_code: str = "",
    state: str = "",
    before_id: int,
    limit: int,
) -> list[contracts.Card]:
    """Cards below an id, newest first; by the end of their number, their programme, their state."""
    rows = Card.objects.of_merchant(merchant_id).select_related("programme")
    if tail:
        rows = rows.filter(tail=tail)
    if programme_code:
        rows = rows.filter(programme__code=programme_code)
    if state:
        rows = rows.filter(state=state)
    return [row.as_contract() for row in rows.filter(id__lt=before_id).order_by("-id")[:limit]]


def accounts_of(
    programme: contracts.CardProgramme | CardProgramme, *, card_id: int
) -> tuple[payments.AccountKey, payments.AccountKey]:
    """A card's accounts in the ledger: principal, bonus."""
    known = programme if isinstance(programme, contracts.CardProgramme) else programme.as_contract()
    owner = contracts.owner_of(card_id)
    return (
        payments.AccountKey(known.principal_asset, AVAILABLE, owner),
        payments.AccountKey(known.bonus_asset, AVAILABLE, owner),
    )


def balances_of(
    *, merchant_id: int, card_ids: Collection[int], now: datetime
) -> dict[int, contracts.CardBalance]:
    """What can be spent of cards, by id; what of their bonus ends when."""
    rows = Card.objects.of_merchant(merchant_id).filter(id__in=list(card_ids))
    accounts = {
        row.id: accounts_of(row.programme, card_id=row.id)
        for row in rows.select_related("programme")
    }
    stands = payments.balances(
        merchant_id=merchant_id,
        accounts=[each for pair in accounts.values() for each in pair],
        now=now,
    )
    return {
        card_id: contracts.CardBalance(
            card_id=card_id,
            principal_minor=stands[principal].available,
            bonus_minor=stands[bonus].available,
            held_minor=stands[principal].held + stands[bonus].held,
            endings=_endings(merchant_id, bonus, now) if stands[bonus].available else (),
        )
        for card_id, (principal, bonus) in accounts.items()
    }


def _endings(
    merchant_id: int, account: payments.AccountKey, now: datetime
) -> tuple[contracts.Ending, ...]:
    lots = payments.lots_of(merchant_id=merchant_id, account=account)
    return tuple(
        contracts.Ending(amount_minor=lot.rest - lot.held, ends_at=lot.expires_at)
        for lot in lots
        if lot.rest > lot.held and (lot.expires_at is None or lot.expires_at > now)
    )


def top_up_by_id(*, merchant_id: int, top_up_id: int) -> contracts.TopUp:
    """One top-up. Raises NoSuch."""
    row = (
        TopUp.objects.of_merchant(merchant_id)
        .select_related("card__programme")
        .filter(id=top_up_id)
        .first()
    )
    if row is None:
        raise NoSuch(kind="top_up", key=str(top_up_id))
    found: contracts.TopUp = row.as_contract()
    return found


def top_ups_of(*, merchant_id: int, card_id: int) -> list[contracts.TopUp]:
    """What was put on a card, or is about to be, newest first."""
    rows = TopUp.objects.of_merchant(merchant_id).filter(card=card_id)
    return [row.as_contract() for row in rows.select_related("card__programme").order_by("-id")]


def use_by_reference(*, merchant_id: int, reference: str) -> contracts.Use:
    """A payment by a card, by payments' number. Raises NoSuch."""
    row = Use.objects.of_merchant(merchant_id).filter(reference=reference).first()
    if row is None:
        raise NoSuch(kind="card_payment", key=reference[: contracts.LONGEST_REFERENCE])
    found: contracts.Use = row.as_contract()
    return found


def statement_of(
    *, merchant_id: int, card_id: int, limit: int = 200
) -> Sequence[contracts.StatementLine]:
    """What was put on a card and taken from it, newest first, at most `limit` of each part.

    A payment's principal and bonus are two entries of the ledger and one line here.
    """
    row = card_row(merchant_id=merchant_id, card_id=card_id)
    lines: dict[tuple[str, str, datetime], contracts.StatementLine] = {}
    for place, account in enumerate(accounts_of(row.programme, card_id=card_id)):
        for entry in payments.entries_page(
            merchant_id=merchant_id, account=account, before_id=None, limit=limit
        ):
            name = (entry.kind, entry.reference, entry.occurred_at)
            before = lines.get(name)
            lines[name] = contracts.StatementLine(
                txn_id=before.txn_id if before else entry.txn_id,
                kind=entry.kind,
                principal_minor=(before.principal_minor if before else 0)
                + (0 if place else entry.amount),
                bonus_minor=(before.bonus_minor if before else 0) + (entry.amount if place else 0),
                reference=entry.reference,
                reason=entry.reason,
                at=entry.occurred_at,
            )
    return sorted(lines.values(), key=lambda line: (line.at, line.txn_id), reverse=True)[:limit]


def standing_gift(*, merchant_id: int, card_id: int, now: datetime) -> contracts.Gift | None:
    """The offer of a card that can still be taken, if there is one."""
    row = (
        Gift.objects.of_merchant(merchant_id)
        .filter(card=card_id, state="offered", expires_at__gt=now)
        .first()
    )
    return row.as_contract() if row else None
