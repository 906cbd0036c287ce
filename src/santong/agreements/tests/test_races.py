"""Many at once: one acceptance, one chain without gap or fork, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from santong.agreements import public as agreements
from santong.agreements.models import ChainLink
from santong.agreements.tests.factories import (
    ACCEPTED,
    NOW,
    make_accepted,
    make_offer,
    new_agreement,
    window,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]


def in_scope(merchant: int, command: Callable[..., Any], **named: Any) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **named)

    return run


def offered(merchant: int, **given: Any) -> agreements.Agreement:
    with tenancy.scope(merchant_id=merchant):
        return make_offer(merchant, **given).agreement


def accepting(merchant: int, agreement_id: int) -> Callable[[], Any]:
    return in_scope(merchant, agreements.accept, agreement_id=agreement_id, acceptance=ACCEPTED)


def links(merchant: int) -> list[ChainLink]:
    with tenancy.scope(merchant_id=merchant):
        assert agreements.check_invariants(merchant_id=merchant) == []
        return list(ChainLink.objects.of_merchant(merchant).order_by("number"))


def test_accepted_eight_times_at_once_is_accepted_once(merchant: int, at_once: AtOnce) -> None:
    made = offered(merchant)

    results = at_once(*[accepting(merchant, made.id)] * 8)

    assert [each.state for each in results] == ["accepted"] * 8
    assert len(links(merchant)) == 1


def test_a_link_renewed_at_once_has_as_many_rounds_and_one_opens(
    merchant: int, at_once: AtOnce
) -> None:
    made = offered(merchant)

    results = at_once(*[in_scope(merchant, agreements.renew_link, agreement_id=made.id)] * 6)

    assert sorted(each.agreement.link_round for each in results) == [2, 3, 4, 5, 6, 7]
    assert len({each.token for each in results}) == 6
    with tenancy.scope(merchant_id=merchant):
        newest = agreements.agreement_by_id(merchant_id=merchant, agreement_id=made.id)
        assert newest.link_round == 7


def test_eight_documents_accepted_at_once_make_one_chain(merchant: int, at_once: AtOnce) -> None:
    made = [offered(merchant) for _ in range(8)]

    at_once(*[accepting(merchant, each.id) for each in made])

    chain = links(merchant)
    assert [each.number for each in chain] == list(range(1, 9))
    assert [each.prev_hash for each in chain[1:]] == [each.hash for each in chain[:-1]]
    assert {each.agreement_id for each in chain} == {each.id for each in made}


def test_acceptance_against_withdrawal_has_one_winner(merchant: int, at_once: AtOnce) -> None:
    for _ in range(4):
        made = offered(merchant)

        won, given_up = at_once(
            accepting(merchant, made.id),
            in_scope(merchant, agreements.cancel, agreement_id=made.id, reason="withdrawn"),
        )

        with tenancy.scope(merchant_id=merchant):
            state = agreements.agreement_by_id(merchant_id=merchant, agreement_id=made.id).state
        # Cancelled after it was accepted is cancelled all the same; never accepted after that.
        assert state == "cancelled"
        assert given_up.state == "cancelled"
        assert isinstance(won, agreements.AgreementPassed) or won.state == "accepted"
    links(merchant)


def test_acceptance_against_another_offer_leaves_one_of_them(
    merchant: int, at_once: AtOnce
) -> None:
    for _ in range(4):
        made = offered(merchant)

        won, other = at_once(
            accepting(merchant, made.id),
            in_scope(merchant, agreements.offer, new=new_agreement(document=made.document)),
        )

        with tenancy.scope(merchant_id=merchant):
            states = {
                each.version: each.state
                for each in agreements.agreements_of(merchant_id=merchant, document=made.document)
            }
        accepted_first = {1: "accepted", 2: "offered"}
        offered_first = {1: "superseded", 2: "offered"}
        passed = isinstance(won, agreements.AgreementPassed)
        assert states == (offered_first if passed else accepted_first), other
    links(merchant)


def test_two_newer_versions_at_once_are_accepted_one_after_the_other(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        first = make_accepted(merchant)
        newer = agreements.supersede(
            merchant_id=merchant, agreement_id=first.id, terms=(window(),), now=NOW
        ).agreement

    results = at_once(
        accepting(merchant, newer.id),
        in_scope(merchant, agreements.supersede, agreement_id=first.id, terms=(window(),)),
        accepting(merchant, newer.id),
    )

    with tenancy.scope(merchant_id=merchant):
        versions = agreements.agreements_of(merchant_id=merchant, document=first.document)
    assert sum(each.is_in_force for each in versions) == 1, results
    assert sum(each.state == "offered" for each in versions) <= 1
    links(merchant)


def test_offers_for_one_document_at_once_are_versions_of_which_one_is_open(
    merchant: int, at_once: AtOnce
) -> None:
    at_once(
        *[
            in_scope(merchant, agreements.offer, new=new_agreement(document="stagedsale:race"))
            for _ in range(5)
        ]
    )

    with tenancy.scope(merchant_id=merchant):
        versions = agreements.agreements_of(merchant_id=merchant, document="stagedsale:race")
    assert [each.version for each in versions] == [5, 4, 3, 2, 1]
    assert [each.state for each in versions] == ["offered"] + ["superseded"] * 4
    assert len({each.number for each in versions}) == 5
