"""Which accounts of the ledger are whose, and how points move between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from santong.membership import contracts
from santong.payments import public as payments

SOURCE = "membership"


@dataclass(frozen=True, slots=True)
class Spendable:
    """What a member can spend, and owes."""

    available: int
    debt: int


def owner_of(member_id: int) -> str:
    """A member's name in the ledger."""
    return f"member:{member_id}"


def of_member(asset: str, kind: str, member_id: int) -> payments.AccountKey:
    """One of a member's accounts."""
    return payments.AccountKey(asset, kind, owner_of(member_id))


def of_brand(asset: str, kind: str, brand_id: int) -> payments.AccountKey:
    """One of a brand's sinks."""
    return payments.AccountKey(asset, kind, f"brand:{brand_id}")


def entries(*pairs: tuple[payments.AccountKey, int]) -> tuple[payments.NewEntry, ...]:
    """Entries of what is not nothing."""
    return tuple(payments.NewEntry(account, amount) for account, amount in pairs if amount)


def experience_entries(
    programme: contracts.Programme, *, member_id: int, amount: int
) -> tuple[payments.NewEntry, ...]:
    """Experience that is gained, or taken back."""
    asset = programme.experience_asset
    return entries(
        (of_brand(asset, "issued", programme.brand_id), -amount),
        (of_member(asset, "earned", member_id), amount),
    )


def lock_points(
    *, merchant_id: int, asset: str, member_ids: Iterable[int], now: datetime
) -> dict[int, Spendable]:
    """Take members' accounts until the transaction ends; say what each can spend, and owes."""
    ids = sorted(set(member_ids))
    accounts = [
        of_member(asset, kind, member_id) for member_id in ids for kind in ("available", "debt")
    ]
    found = payments.lock_accounts(merchant_id=merchant_id, accounts=accounts, now=now)
    return {
        member_id: Spendable(
            available=found[of_member(asset, "available", member_id)].available,
            debt=-found[of_member(asset, "debt", member_id)].posted,
        )
        for member_id in ids
    }
