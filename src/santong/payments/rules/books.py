"""Which entries of the ledger each thing that happens to money makes."""

from __future__ import annotations

from santong.payments.contracts import AccountKey, NewEntry

# What payments itself posts goes under this source.
SOURCE = "payments"


def asset_of(*, currency: str) -> str:
    """The asset in which money of a currency is counted."""
    return f"money:{currency}"


def _at(currency: str, kind: str, owner: str) -> AccountKey:
    return AccountKey(asset_of(currency=currency), kind, owner)


def document_account(*, currency: str, document: str) -> AccountKey:
    """What came in for a document and has not gone back. It never falls below nothing."""
    return _at(currency, "document", document)


def payable_account(*, currency: str, party: str) -> AccountKey:
    """What a party is owed and may be paid."""
    return _at(currency, "payable", party)


def received(
    *, currency: str, document: str, account: str, amount_minor: int, fee_minor: int = 0
) -> tuple[NewEntry, ...]:
    """Money came in for a document; the provider kept its fee."""
    entries = [
        NewEntry(document_account(currency=currency, document=document), amount_minor),
    ]
    if amount_minor != fee_minor:
        entries.append(NewEntry(_at(currency, "at_provider", account), fee_minor - amount_minor))
    if fee_minor:
        entries.append(NewEntry(_at(currency, "fees", account), -fee_minor))
    return tuple(entries)


def received_from_card(
    *, currency: str, document: str, programme: str, principal_minor: int, bonus_minor: int
) -> tuple[NewEntry, ...]:
    """A card's value became money of a document: what was paid for it, and what was given."""
    entries = [
        NewEntry(
            document_account(currency=currency, document=document), principal_minor + bonus_minor
        )
    ]
    if principal_minor:
        entries.append(NewEntry(_at(currency, "stored_value", programme), -principal_minor))
    if bonus_minor:
        entries.append(NewEntry(_at(currency, "bonus_cost", programme), -bonus_minor))
    return tuple(entries)


def opposite(entries: tuple[NewEntry, ...]) -> tuple[NewEntry, ...]:
    """The same, the other way round."""
    return tuple(NewEntry(entry.account, -entry.amount) for entry in entries)


def sent_out(*, currency: str, account: str, party: str, amount_minor: int) -> tuple[NewEntry, ...]:
    """A party's money is on its way to it."""
    return (
        NewEntry(payable_account(currency=currency, party=party), -amount_minor),
        NewEntry(_at(currency, "in_transit", account), amount_minor),
    )


def arrived(
    *, currency: str, account: str, amount_minor: int, fee_minor: int = 0
) -> tuple[NewEntry, ...]:
    """What was on its way has left the account, and the provider took its fee."""
    entries = [
        NewEntry(_at(currency, "in_transit", account), -amount_minor),
        NewEntry(_at(currency, "at_provider", account), amount_minor + fee_minor),
    ]
    if fee_minor:
        entries.append(NewEntry(_at(currency, "fees", account), -fee_minor))
    return tuple(entries)


def kept(*, currency: str, account: str, party: str, amount_minor: int) -> tuple[NewEntry, ...]:
    """A party has kept what it is owed out of what it collected; less than nothing it gave back."""
    return (
        NewEntry(payable_account(currency=currency, party=party), -amount_minor),
        NewEntry(_at(currency, "at_provider", account), amount_minor),
    )


def came_back(
    *, currency: str, account: str, party: str, amount_minor: int
) -> tuple[NewEntry, ...]:
    """What had left the account is there again, and the party is owed it again."""
    return (
        NewEntry(_at(currency, "at_provider", account), -amount_minor),
        NewEntry(payable_account(currency=currency, party=party), amount_minor),
    )


def disputed(*, currency: str, account: str, amount_minor: int) -> tuple[NewEntry, ...]:
    """The provider has taken money back until somebody decides."""
    return (
        NewEntry(_at(currency, "at_provider", account), amount_minor),
        NewEntry(_at(currency, "disputed", account), -amount_minor),
    )


def dispute_lost(
    *, currency: str, account: str, document: str, amount_minor: int
) -> tuple[NewEntry, ...]:
    """The buyer keeps it: it has gone back to them."""
    return (
        NewEntry(document_account(currency=currency, document=document), -amount_minor),
        NewEntry(_at(currency, "disputed", account), amount_minor),
    )


def moved_otherwise(
    *, currency: str, account: str, kind: str, amount_minor: int
) -> tuple[NewEntry, ...]:
    """A fee, or a difference that somebody has explained: more than nothing came in."""
    return (
        NewEntry(_at(currency, "at_provider", account), -amount_minor),
        NewEntry(_at(currency, "fees" if kind == "fee" else "difference", account), amount_minor),
    )


def made_good(
    *, currency: str, account: str, party: str, amount_minor: int
) -> tuple[NewEntry, ...]:
    """A carrier or a supplier has paid what was claimed of it."""
    return (
        NewEntry(_at(currency, "at_provider", account), -amount_minor),
        NewEntry(_at(currency, "claims", party), amount_minor),
    )
