"""What units cost, what of a deposit is kept, and what a merchant owes who cannot deliver."""

from __future__ import annotations

from collections.abc import Iterable

from santong.presales.contracts import WHOLE_BP, Amounts, Forfeit, PresaleLine

# An earnest is at most a fifth of what the contract is about: Civil Code, art. 586.
EARNEST_PARTS = 5


def amounts_of_unit(*, price_minor: int, deposit_minor: int, worth_minor: int) -> Amounts:
    """What one unit costs."""
    return Amounts(price_minor=price_minor, deposit_minor=deposit_minor, worth_minor=worth_minor)


def amounts_of(*, lines: Iterable[PresaleLine]) -> Amounts:
    """What all units cost: every amount is the sum of those of its units, nothing is rounded."""
    price = deposit = worth = 0
    for line in lines:
        price += line.quantity * line.price_minor
        deposit += line.quantity * line.deposit_minor
        worth += line.quantity * line.worth_minor
    return Amounts(price_minor=price, deposit_minor=deposit, worth_minor=worth)


def is_lawful_earnest(amounts: Amounts) -> bool:
    """Whether a deposit that can be forfeited is at most a fifth of what is paid in all.

    Its growth is a discount: the contract is about what the buyer really pays.
    """
    return amounts.deposit_minor * EARNEST_PARTS <= amounts.total_minor


def forfeit_minor(*, deposit_minor: int, forfeit: Forfeit, forfeit_bp: int) -> int:
    """What of a deposit is kept when its buyer lets it go; rounded in the buyer's favour."""
    match forfeit:
        case "none":
            return 0
        case "all":
            return deposit_minor
        case "part":
            return deposit_minor * forfeit_bp // WHOLE_BP


def compensation_minor(*, deposit_minor: int, forfeit: Forfeit) -> int:
    """What is owed on top of the money that goes back, when the merchant cannot deliver.

    Who takes an earnest and fails gives it back twofold (Civil Code, art. 587); a deposit that its
    buyer never risked is given back once.
    """
    return 0 if forfeit == "none" else deposit_minor


def share_of_kept(*, kept_minor: int, received_minor: int, gone_minor: int, owed_minor: int) -> int:
    """What of kept money is income: no more than is there once all that is owed has gone back.

    `gone_minor` went back beside what is owed, by a refund of its own or in a dispute.
    """
    return max(0, min(kept_minor, received_minor - gone_minor - owed_minor))
