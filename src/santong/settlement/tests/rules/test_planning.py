"""Payouts are cut so that a provider takes them."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.settlement.contracts import DueOfDocument, LeftOfPayment, Owed, PayoutLimits
from santong.settlement.rules.planning import allot, check_limits, cut, plan


def test_a_large_amount_is_cut_evenly() -> None:
    assert cut(100, limits=PayoutLimits(most_minor=30)) == [25, 25, 25, 25]


def test_what_a_payment_does_not_let_out_is_paid_otherwise() -> None:
    owed = [Owed(party_id=party, amount_minor=10, payment="p") for party in range(1, 6)]

    made = plan(owed, limits=PayoutLimits(receivers_per_request=2, requests_per_payment=2))

    assert [(part.party_id, part.request) for part in made.parts] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
    ]
    assert [each.party_id for each in made.beyond] == [5]


def test_a_days_amount_is_kept_to() -> None:
    owed = [Owed(party_id=party, amount_minor=60) for party in (1, 2, 3)]

    made = plan(owed, limits=PayoutLimits(most_a_day_minor=100))

    assert [part.day for part in made.parts] == [0, 1, 2]


def test_limits_within_which_nothing_can_be_sent_are_refused() -> None:
    with pytest.raises(FieldInvalid) as refused:
        check_limits(limits=PayoutLimits(per_second=0))

    assert refused.value.pointer == "/limits/per_second"


def test_a_most_that_would_make_too_many_is_refused() -> None:
    with pytest.raises(FieldInvalid) as refused:
        cut(1_000_000, limits=PayoutLimits(most_minor=1))

    assert refused.value.pointer == "/limits/most_minor"


limits = st.builds(
    PayoutLimits,
    most_minor=st.none() | st.integers(50, 5_000),
    most_a_day_minor=st.none() | st.integers(1_000, 20_000),
    receivers_per_request=st.integers(1, 5),
    requests_per_payment=st.integers(1, 5),
    per_second=st.integers(1, 5),
)
owed = st.lists(
    st.builds(
        Owed,
        party_id=st.integers(1, 9),
        amount_minor=st.integers(1, 20_000),
        payment=st.sampled_from(["", "p", "q"]),
    ),
    max_size=20,
)


def test_requests_that_a_payment_has_had_count() -> None:
    owed = [Owed(party_id=party, amount_minor=10, payment="p") for party in (1, 2)]

    made = plan(
        owed,
        limits=PayoutLimits(receivers_per_request=1, requests_per_payment=3),
        requests_made={"p": 2},
    )

    assert [part.party_id for part in made.parts] == [1]
    assert [each.party_id for each in made.beyond] == [2]


_documents = st.sampled_from(["order:1", "order:2", "order:3"])
_due = st.lists(
    st.builds(
        DueOfDocument,
        party_id=st.integers(1, 4),
        document=_documents,
        amount_minor=st.integers(0, 900),
    ),
    max_size=12,
    unique_by=lambda each: (each.party_id, each.document),
)
_left = st.dictionaries(
    st.sampled_from("pqrst"), st.tuples(_documents, st.integers(-50, 900)), max_size=5
)


@given(payable=st.dictionaries(st.integers(1, 4), st.integers(1, 2_000)), due=_due, left=_left)
def test_what_is_payable_is_taken_out_of_what_payments_have_left(
    payable: dict[int, int], due: list[DueOfDocument], left: dict[str, tuple[str, int]]
) -> None:
    payments = [
        LeftOfPayment(document=document, payment=name, left_minor=minor)
        for name, (document, minor) in left.items()
    ]

    owed = allot(payable_by_party=payable, due=due, left=payments)

    by_party, by_payment, by_due = Counter[int](), Counter[str](), Counter[tuple[int, str]]()
    for each in owed:
        assert each.amount_minor > 0
        by_party[each.party_id] += each.amount_minor
        if each.payment:
            by_payment[each.payment] += each.amount_minor
            by_due[each.party_id, left[each.payment][0]] += each.amount_minor
    assert dict(by_party) == payable
    assert all(minor <= left[name][1] for name, minor in by_payment.items())
    most = {(each.party_id, each.document): each.amount_minor for each in due}
    assert all(minor <= most[key] for key, minor in by_due.items())
    # Out of the account goes only what no payment had left.
    for each in owed:
        if not each.payment:
            for wanted in due:
                if wanted.party_id == each.party_id:
                    key = (wanted.party_id, wanted.document)
                    rest = sum(
                        max(minor, 0) - by_payment[name]
                        for name, (document, minor) in left.items()
                        if document == wanted.document
                    )
                    assert rest == 0 or by_due[key] == wanted.amount_minor


@given(owed=owed, limits=limits)
def test_a_plan_keeps_every_limit_and_loses_nothing(owed: list[Owed], limits: PayoutLimits) -> None:
    made = plan(owed, limits=limits)

    wanted, planned = Counter[int](), Counter[int]()
    for each in owed:
        wanted[each.party_id] += each.amount_minor
    for part in made.parts:
        planned[part.party_id] += part.amount_minor
    for rest in made.beyond:
        planned[rest.party_id] += rest.amount_minor
    assert planned == wanted

    receivers: dict[int, list[int]] = defaultdict(list)
    requests: dict[str, set[int]] = defaultdict(set)
    a_day, a_second = Counter[int](), defaultdict[tuple[int, int], set[int]](set)
    for part in made.parts:
        receivers[part.request].append(part.party_id)
        requests[part.payment].add(part.request)
        a_day[part.day] += part.amount_minor
        a_second[part.day, part.second].add(part.request)
        assert limits.most_minor is None or part.amount_minor <= limits.most_minor
    assert all(len(set(names)) == len(names) for names in receivers.values())
    assert all(len(names) <= limits.receivers_per_request for names in receivers.values())
    for payment, made_of_it in requests.items():
        assert not payment or len(made_of_it) <= limits.requests_per_payment
    if limits.most_a_day_minor is not None:
        assert all(minor <= limits.most_a_day_minor for minor in a_day.values())
    assert all(len(made_then) <= limits.per_second for made_then in a_second.values())
