"""The names by which the ledger knows parties and documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from santong.payments import public as payments
from santong.settlement import contracts
from santong.settlement.models import Sale

SOURCE = "settlement"
_KINDS: tuple[Literal["pending", "payable"], ...] = ("pending", "payable")


def asset_of(currency: str) -> str:
    """The ledger's asset of a currency."""
    return f"money:{currency}"


def owner_of_party(party_id: int) -> str:
    """The owner of a party's accounts."""
    return f"party:{party_id}"


def account_of_party(
    *, party_id: int, kind: Literal["pending", "payable"], currency: str
) -> payments.AccountKey:
    """What a party is owed, not yet due or due."""
    return payments.AccountKey(asset_of(currency), kind, owner_of_party(party_id))


def account_of_document(*, document: str, currency: str) -> payments.AccountKey:
    """What stands against all that is owed of a document."""
    return payments.AccountKey(asset_of(currency), "shared", document)


def balances_of_parties(
    *, merchant_id: int, party_ids: Sequence[int], currency: str
) -> dict[int, contracts.PartyBalance]:
    """What parties are owed in a currency, as the ledger has it."""
    accounts = {
        (party_id, kind): account_of_party(party_id=party_id, kind=kind, currency=currency)
        for party_id in party_ids
        for kind in _KINDS
    }
    found = payments.balances(merchant_id=merchant_id, accounts=list(accounts.values()))
    return {
        party_id: contracts.PartyBalance(
            party_id=party_id,
            currency=currency,
            pending_minor=found[accounts[party_id, "pending"]].posted,
            payable_minor=found[accounts[party_id, "payable"]].posted,
        )
        for party_id in party_ids
    }


def booked_of(*, merchant_id: int, document: str) -> list[contracts.Booked]:
    """What the ledger says of a document's shares, oldest first."""
    rows = Sale.objects.of_merchant(merchant_id).filter(document=document)
    count = rows.values_list("booked", flat=True).first() or 0
    txns = payments.txns_by_key(
        merchant_id=merchant_id,
        source=SOURCE,
        keys=[key_of_booking(document=document, number=number) for number in range(count)],
    )
    return [_booked(txn) for txn in sorted(txns.values(), key=lambda txn: txn.id)]


def key_of_booking(*, document: str, number: int) -> str:
    """Under which key a document's transactions are posted: they are counted from nothing."""
    return f"{document}:{number}"


def _booked(txn: payments.Txn) -> contracts.Booked:
    return contracts.Booked(
        txn_id=txn.id,
        kind=txn.kind,
        at=txn.occurred_at,
        sides=tuple(
            contracts.BookedSide(
                party_id=_party_of(entry.account.owner),
                account=entry.account.kind,
                amount_minor=entry.amount,
            )
            for entry in txn.entries
        ),
    )


def _party_of(owner: str) -> int | None:
    kind, _, number = owner.partition(":")
    return int(number) if kind == "party" else None
