"""What two do at the same moment: real threads, real commits, exact totals."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from santong.kernel import tenancy
from santong.settlement import public as settlement
from santong.settlement.services.end_payout import end_payout
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    left_by_party,
    lines_of,
    make_clerks,
    make_draft,
    make_order,
    make_run,
    make_sale,
    make_shop,
    owed,
    publish,
    somebody,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "3"))


def in_scope(merchant: int, command: Callable[..., Any], **asked: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **asked)

    return run


def as_person(
    merchant: int,
    person: int,
    command: Callable[..., Any],
    draft: settlement.RuleDraft,
    **asked: Any,
) -> Callable[[], Any]:
    """What somebody does about a revision of a draft."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant), somebody(person):
            return command(
                merchant_id=merchant,
                draft_id=draft.id,
                revision=draft.revision,
                now=NOW,
                **asked,
            )

    return run


def surprises(results: list[Any]) -> list[Any]:
    return [each for each in results if isinstance(each, Exception)]


def test_an_order_told_many_times_at_once_is_shared_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant)
        order = make_order(shop, guide="G1")

    results = at_once(*[in_scope(merchant, settlement.freeze_shares, order_id=order.id)] * 6)

    assert surprises(results) == []
    with tenancy.scope(merchant_id=merchant):
        assert owed(merchant, "head_office") == (10_000, 0)
        assert_sound(merchant)


def test_two_payouts_at_once_never_pay_more_than_is_payable(merchant: int, at_once: AtOnce) -> None:
    for number in range(ROUNDS):
        guide = f"G{number}"
        with tenancy.scope(merchant_id=merchant):
            make_clerks(merchant, guide)
            runs = [make_run(merchant) for _ in range(3)]

        results = at_once(*[in_scope(merchant, settlement.send_payouts, limit=1)] * 3)

        assert surprises(results) == []
        with tenancy.scope(merchant_id=merchant):
            settlement.send_payouts(merchant_id=merchant, limit=10, now=NOW)
            states = sorted(
                line.state
                for run in runs
                for line in lines_of(merchant, run)
                if line.party_code == f"clerk:{guide}"
            )
            assert states == ["left_out", "left_out", "sent"]
            assert owed(merchant, f"clerk:{guide}") == (0, 0)
            assert_sound(merchant)


def test_a_refund_and_a_payout_at_once_agree(merchant: int, at_once: AtOnce) -> None:
    for number in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            shop = make_clerks(merchant, f"G{number}")
            sale = make_sale(shop, guide=f"G{number}")
            settlement.record_receipt(
                merchant_id=merchant, document=sale.document, received_at=NOW, now=NOW
            )
            settlement.release_due(merchant_id=merchant, limit=100, now=NOW)
            run = make_run(merchant)

        results = at_once(
            in_scope(merchant, settlement.send_payouts, limit=10),
            in_scope(
                merchant,
                settlement.reverse_shares,
                document=sale.document,
                key="refund:1",
                kind="refund",
                amount_minor=10_000,
                reason="late",
            ),
        )

        assert surprises(results) == []
        with tenancy.scope(merchant_id=merchant):
            (line,) = [each for each in lines_of(merchant, run) if each.state == "sent"]
            # Two sales brought ten yuan each; one of them went back, before or after the payout.
            assert owed(merchant, f"clerk:G{number}") == (0, 1_000 - line.amount_minor)
            assert line.amount_minor in {1_000, 2_000}
            assert_sound(merchant)


def test_parts_of_a_refund_and_shares_that_become_due_at_once_all_count(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant)
        publish(
            merchant,
            settlement.Rule(code="c", role="clerk", rate_bp=333, due=settlement.Due(days=0)),
            rest_days=0,
        )
        sale = make_sale(shop, guide="G1", quantities=(3,))
        settlement.record_receipt(
            merchant_id=merchant, document=sale.document, received_at=NOW, now=NOW
        )

    results = at_once(
        *[
            in_scope(
                merchant,
                settlement.reverse_shares,
                document=sale.document,
                key=f"refund:{number}",
                kind="refund",
                amount_minor=1_111,
                reason="late",
            )
            for number in range(4)
        ],
        *[in_scope(merchant, settlement.release_due, limit=10)] * 2,
    )

    assert surprises(results) == []
    with tenancy.scope(merchant_id=merchant):
        after = settlement.shared_sale(merchant_id=merchant, document=sale.document)
        assert after.left_minor == 30_000 - 4_444
        assert left_by_party(after) == {"clerk:G1": 851, "head_office": 24_705}
        settlement.release_due(merchant_id=merchant, limit=10, now=NOW)
        assert owed(merchant, "clerk:G1") == (0, 851)
        assert owed(merchant, "head_office") == (0, 24_705)
        assert_sound(merchant)


def test_a_payout_approved_twice_at_once_is_approved_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_clerks(merchant, "G1")
        run = make_run(merchant)

    results = at_once(*[in_scope(merchant, settlement.approve_payouts, run_id=run.id)] * 3)

    assert {type(each) for each in results} == {settlement.RunPassed}


def test_a_payout_whose_last_lines_end_at_once_has_ended(merchant: int, at_once: AtOnce) -> None:
    for number in range(ROUNDS):
        guides = [f"G{number}-{each}" for each in range(3)]
        with tenancy.scope(merchant_id=merchant):
            make_clerks(merchant, *guides)
            run = make_run(merchant)
            settlement.send_payouts(merchant_id=merchant, limit=10, now=NOW)
            lines = lines_of(merchant, run)

        results = at_once(
            *[
                in_scope(merchant, end_payout, transfer_id=line.transfer_id, state="done", why="")
                for line in lines
            ]
        )

        assert surprises(results) == []
        with tenancy.scope(merchant_id=merchant):
            ended = settlement.payout_run(merchant_id=merchant, run_id=run.id)
        assert (ended.state, ended.lines_by_state) == ("ended", (("done", 3),))


def test_a_draft_that_two_publish_at_once_is_published_once(merchant: int, at_once: AtOnce) -> None:
    for number in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            draft = make_draft(merchant)

        results = at_once(
            *[
                as_person(merchant, person, settlement.publish_rule_draft, draft)
                for person in (2, 3)
            ]
        )

        won = [each for each in results if not isinstance(each, Exception)]
        lost = [each for each in results if isinstance(each, settlement.DraftPassed)]
        assert (len(won), len(lost)) == (1, 1)
        assert won[0].version == number + 1


def test_of_two_drafts_of_one_version_one_is_published(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        drafts = [make_draft(merchant, by=person) for person in (1, 2)]

    results = at_once(
        *[as_person(merchant, 3, settlement.publish_rule_draft, draft) for draft in drafts]
    )

    won = [each for each in results if not isinstance(each, Exception)]
    assert [each.version for each in won] == [1]
    assert sum(isinstance(each, settlement.DraftOutdated) for each in results) == 1


def test_a_draft_is_not_changed_while_it_is_published(merchant: int, at_once: AtOnce) -> None:
    terms = settlement.SharingTerms(
        rules=(settlement.Rule(code="fee", role="platform", rate_bp=60),)
    )
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            draft = make_draft(merchant)
        changed = {"base_version": draft.base_version, "terms": terms, "reason": "late"}

        results = at_once(
            as_person(merchant, 1, settlement.change_rule_draft, draft, **changed),
            as_person(merchant, 2, settlement.publish_rule_draft, draft),
        )

        with tenancy.scope(merchant_id=merchant):
            now = settlement.rule_draft(merchant_id=merchant, draft_id=draft.id)
        refused = surprises(results)
        assert len(refused) == 1
        assert isinstance(refused[0], (settlement.DraftPassed, settlement.DraftChanged))
        # What is in force is what was looked at, and what was changed waits to be looked at.
        assert (now.state, len(now.terms.rules)) in {("published", 0), ("draft", 1)}


def test_rules_published_at_once_are_versions_in_a_row(merchant: int, at_once: AtOnce) -> None:
    terms = settlement.SharingTerms()

    results = at_once(
        *[in_scope(merchant, settlement.publish_rules, terms=terms, reason="spring")] * 4
    )

    assert surprises(results) == []
    assert sorted(each.version for each in results) == [1, 2, 3, 4]


def test_installers_named_at_once_share_what_was_paid(merchant: int, at_once: AtOnce) -> None:
    for round_ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            shop = make_shop(merchant)
            publish(
                merchant,
                settlement.Rule(code=f"install-{round_}", role="installer", rate_bp=3_333),
            )
            sale = make_sale(shop)

        at_once(
            *(
                in_scope(
                    merchant,
                    settlement.name_installer,
                    document=sale.document,
                    installer=installer,
                )
                for installer in ("fit", "fix", "fit", "mend")
            )
        )

        with tenancy.scope(merchant_id=merchant):
            left = left_by_party(
                settlement.shared_sale(merchant_id=merchant, document=sale.document)
            )
            named = [party for party in left if party.startswith("installer:")]
            assert len(named) == 1
            assert left[named[0]] == 3_333
            assert sum(left.values()) == sale.paid_minor
            assert_sound(merchant)
