"""How payouts are cut so that a provider takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from santong.kernel.errors import FieldInvalid
from santong.settlement.contracts import (
    MOST_MINOR,
    DueOfDocument,
    LeftOfPayment,
    Owed,
    PayoutLimits,
    PayoutPlan,
    PlannedPart,
)

MOST_PARTS = 10_000


def allot(
    *,
    payable_by_party: Mapping[int, int],
    due: Iterable[DueOfDocument],
    left: Iterable[LeftOfPayment],
) -> list[Owed]:
    """Take what is payable to parties out of the payments that it came from, then the account.

    No party gets more than is payable to it, nor more of a document than is due to it of that; of
    no payment more is taken than is left. What finds no payment is owed out of the account. What
    is due is taken in the order given, the payments of a document in theirs.
    """
    payments_by_document: dict[str, list[LeftOfPayment]] = {}
    for payment in left:
        payments_by_document.setdefault(payment.document, []).append(payment)
    room = {
        each.payment: each.left_minor for found in payments_by_document.values() for each in found
    }
    due_by_party: dict[int, list[DueOfDocument]] = {}
    for each in due:
        due_by_party.setdefault(each.party_id, []).append(each)
    owed: list[Owed] = []
    for party_id, payable in payable_by_party.items():
        wanted = payable
        for each in due_by_party.get(party_id, ()):
            of_document = each.amount_minor
            for payment in payments_by_document.get(each.document, ()):
                taken = min(of_document, wanted, room[payment.payment])
                if taken > 0:
                    room[payment.payment] -= taken
                    of_document -= taken
                    wanted -= taken
                    owed.append(
                        Owed(party_id=party_id, amount_minor=taken, payment=payment.payment)
                    )
        if wanted > 0:
            owed.append(Owed(party_id=party_id, amount_minor=wanted))
    return owed


def plan(
    owed: Iterable[Owed], *, limits: PayoutLimits, requests_made: Mapping[str, int] | None = None
) -> PayoutPlan:
    """Cut what is owed into transfers that the limits allow, in the order given.

    What is above the most for a transfer is cut into several. What does not fit into the requests
    of its payment (`requests_made` count) is given back as `beyond`: it is paid out of the account
    instead. Requests are spread over seconds, amounts over days.

    Raises FieldInvalid.
    """
    parts: list[PlannedPart] = []
    beyond: list[Owed] = []
    clock = _Clock(limits)
    request_of: dict[str, int] = {}
    named: dict[str, set[int]] = {}
    requests: Counter[str] = Counter(requests_made)
    made = 0
    for each in owed:
        for amount in cut(each.amount_minor, limits=limits):
            if clock.is_full(amount):
                # A request that was begun on one day is not continued on the next.
                named.clear()
                clock.begin_day(made + 1)
            receivers = named.get(each.payment)
            if (
                receivers is None
                or each.party_id in receivers
                or len(receivers) >= limits.receivers_per_request
            ):
                if each.payment and requests[each.payment] >= limits.requests_per_payment:
                    beyond.append(
                        Owed(party_id=each.party_id, amount_minor=amount, payment=each.payment)
                    )
                    continue
                made += 1
                requests[each.payment] += 1
                request_of[each.payment] = made
                receivers = named[each.payment] = set()
            receivers.add(each.party_id)
            request = request_of[each.payment]
            clock.sent_minor += amount
            parts.append(
                PlannedPart(
                    party_id=each.party_id,
                    amount_minor=amount,
                    payment=each.payment,
                    request=request,
                    day=clock.day,
                    second=clock.second(request),
                )
            )
    return PayoutPlan(parts=tuple(parts), beyond=tuple(beyond))


def cut(amount_minor: int, *, limits: PayoutLimits) -> list[int]:
    """An amount in transfers none of which is above the most, as even as can be.

    Raises FieldInvalid, where they would be too many.
    """
    if amount_minor <= 0:
        return []
    most = min(
        limits.most_minor or amount_minor, limits.most_a_day_minor or amount_minor, amount_minor
    )
    count = -(-amount_minor // most)
    if count > MOST_PARTS:
        raise FieldInvalid(pointer="/limits/most_minor", reason=f"makes more than {MOST_PARTS}")
    small, larger = divmod(amount_minor, count)
    return [small + 1] * larger + [small] * (count - larger)


def check_limits(*, limits: PayoutLimits) -> None:
    """Refuse limits within which nothing can be sent. Raises FieldInvalid."""
    for name, value in _numbers(limits):
        if not 0 < value <= MOST_MINOR:
            raise FieldInvalid(pointer=f"/limits/{name}", reason=f"1 to {MOST_MINOR}")


def _numbers(limits: PayoutLimits) -> Iterator[tuple[str, int]]:
    if limits.most_minor is not None:
        yield "most_minor", limits.most_minor
    if limits.most_a_day_minor is not None:
        yield "most_a_day_minor", limits.most_a_day_minor
    yield "receivers_per_request", limits.receivers_per_request
    yield "requests_per_payment", limits.requests_per_payment
    yield "per_second", limits.per_second


class _Clock:
    """Which day and second a request falls into."""

    def __init__(self, limits: PayoutLimits) -> None:
        self.limits = limits
        self.day = 0
        self.sent_minor = 0
        self.first_request = 1

    def is_full(self, amount_minor: int) -> bool:
        most = self.limits.most_a_day_minor
        return most is not None and self.sent_minor + amount_minor > most

    def begin_day(self, first_request: int) -> None:
        self.day += 1
        self.sent_minor = 0
        self.first_request = first_request

    def second(self, request: int) -> int:
        return (request - self.first_request) // self.limits.per_second
