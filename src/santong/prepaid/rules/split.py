"""How an amount is divided between principal and bonus, to the minor unit."""

from __future__ import annotations

from santong.prepaid.contracts import Parts, Spends


def share(part: int, *, whole: int, of: int) -> int:
    """What belongs to `part` of `whole` when `of` of the whole moves: rounded once, half up.

    Of two parts, the other's share is what is left; both stay within what they are. It grows with
    `of` and is `part` at the whole, so steps that add up to the whole give the parts exactly.
    """
    assert 0 <= part <= whole
    assert 0 <= of <= whole
    return (2 * of * part + whole) // (2 * whole) if whole else 0


def taken(*, amount: int, principal: int, bonus: int, spends: Spends) -> Parts:
    """How a payment is split over what is there; there must be enough."""
    assert 0 <= amount <= principal + bonus
    if spends == "bonus_first":
        from_principal = amount - min(bonus, amount)
    else:
        from_principal = share(principal, whole=principal + bonus, of=amount)
    return Parts(principal_minor=from_principal, bonus_minor=amount - from_principal)


def part_of(whole: Parts, *, amount: int) -> Parts:
    """A part of a payment, in the proportion of all of it."""
    principal = share(whole.principal_minor, whole=whole.amount_minor, of=amount)
    return Parts(principal_minor=principal, bonus_minor=amount - principal)


def next_part(whole: Parts, *, before: int, amount: int) -> Parts:
    """What goes back next, when `before` of a payment has gone back already.

    It is the difference of two parts, so all that ever goes back adds up to what was taken.
    """
    sooner, later = part_of(whole, amount=before), part_of(whole, amount=before + amount)
    return Parts(
        principal_minor=later.principal_minor - sooner.principal_minor,
        bonus_minor=later.bonus_minor - sooner.bonus_minor,
    )


def newest_first(amount: int, *, left_by_id: dict[int, int]) -> dict[int, int]:
    """What of an amount goes back along which top-up: the newest first, none more than it has.

    What was put on a card first is what was spent first.
    """
    found: dict[int, int] = {}
    for each in sorted(left_by_id, reverse=True):
        if part := min(amount, left_by_id[each]):
            found[each] = part
            amount -= part
    assert not amount, "a card has no more principal than was put on it"
    return found
