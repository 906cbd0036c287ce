"""Orders, payments and settlement together, in any order of events, against a model that counts.

An order's money comes in by several tenders, on time, late or twice, is shared, goes back, is
fought about, is paid out and comes back; the order is collected or cancelled. Stories tell what is
rare; Hypothesis chooses the rest. After each event the model and the checks of both contexts must
agree. `SANTONG_MACHINE_EXAMPLES` and `SANTONG_MACHINE_STEPS` make longer runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from santong.settlement import public as settlement
from santong.settlement.tests.factories import make_account, make_shop, publish
from tests.invariants.money_machine import MoneyAndShares

EXAMPLES = int(os.environ.get("SANTONG_MACHINE_EXAMPLES", "1"))
STEPS = int(os.environ.get("SANTONG_MACHINE_STEPS", "15"))
PHASES = (
    tuple(Phase)
    if os.environ.get("SANTONG_MACHINE_SHRINK")
    else (Phase.explicit, Phase.reuse, Phase.generate)
)


class Event(NamedTuple):
    """A rule of the machine, and what it is given."""

    rule: str
    given: Mapping[str, Any]


def event(rule: str, **given: Any) -> Event:
    return Event(rule, given)


# Of three pieces for 99.99 in all: 10 yuan, and 89.99.
ASKED = event("ask", pieces=2, cuts={1_000}, at_dealer=True)
ASKED_AGAIN = event("ask_again", pick=0)
ASKING_ENDED = event("asking_ends")
HOLDS_RAN_OUT = event("holds_run_out")
PAID = event("pay", pick=0, is_closed=False, is_all=False)
PAID_ANEW = event("pay", pick=1, is_closed=False, is_all=False)
PAID_LATE = event("pay", pick=0, is_closed=True, is_all=False)
CANCELLED = event("cancel", pick=0)
COLLECTED = event("goods_are_collected", pick=0, is_whole=True)
A_PIECE_COLLECTED = event("goods_are_collected", pick=0, is_whole=False)
GIVEN_BACK = event("give_back", pick=0, minor=500)
ALL_GIVEN_BACK = event("all_goes_back", pick=0, beyond=0)
MORE_THAN_ALL_GIVEN_BACK = event("all_goes_back", pick=0, beyond=1)
PART_DONE = event("part_is_seen", pick=0, state="done")
NEWEST_PART_DONE = event("part_is_seen", pick=-1, state="done")
PART_FAILED = event("part_is_seen", pick=0, state="failed")
PART_WENT_AFTER_ALL = event("part_went_after_all", pick=0)
REFUND_TRIED_AGAIN = event("refund_is_tried_again", pick=0)
FOUGHT = event("buyer_fights", pick=0, minor=333)
WON = event("fight_is_decided", pick=0, state="won")
LOST = event("fight_is_decided", pick=0, state="lost")
APPROVED = event("payout_is_approved", is_sent=False)
SENT = event("payout_is_sent")
ARRIVED = event("payout_ends", pick=0, ends=("done",))
FAILED = event("payout_ends", pick=0, ends=("failed",))
CAME_BACK = event("payout_ends", pick=0, ends=("done", "returned"))
SENT_ANEW = event("payout_is_tried_again", pick=0)

STORIES: Final[Mapping[str, Sequence[Event]]] = {
    "money goes back, and is fought about, before all of it is in": (
        *(ASKED, PAID, GIVEN_BACK, PART_DONE, FOUGHT, PAID, LOST, FOUGHT, WON),
        *(MORE_THAN_ALL_GIVEN_BACK, ALL_GIVEN_BACK, PART_FAILED, PART_DONE, PART_WENT_AFTER_ALL),
    ),
    "all of an order is cancelled before it is paid, and while it is": (
        *(ASKED, PAID, CANCELLED, PAID_LATE, PART_FAILED, REFUND_TRIED_AGAIN, PART_DONE),
        PART_DONE,
    ),
    "it is cancelled when it is paid, and a part of it is fought about": (
        *(ASKED, PAID, PAID, FOUGHT, CANCELLED, PART_DONE, WON, PART_DONE, CANCELLED),
    ),
    "it is paid when its hold has run out": (ASKED, HOLDS_RAN_OUT, PAID_LATE, PAID, PART_DONE),
    "it is paid twice": (
        *(ASKED, ASKING_ENDED, ASKED_AGAIN, PAID_LATE, PAID_ANEW, PAID, PART_DONE, PART_DONE),
        *(GIVEN_BACK, NEWEST_PART_DONE),
    ),
    "a piece is collected, the rest cancelled; shares are paid out, and money goes back": (
        *(ASKED, PAID, PAID, A_PIECE_COLLECTED, CANCELLED, APPROVED, GIVEN_BACK),
        *(NEWEST_PART_DONE, SENT, CAME_BACK, FAILED, SENT_ANEW, SENT, ARRIVED),
    ),
}


@pytest.fixture
def shop(merchant_id: int) -> None:
    """Where orders come from; rules by which a clerk and a dealer have a share of them."""
    now = settlement.Due(days=0)
    MoneyAndShares.merchant_id = merchant_id
    MoneyAndShares.shop = make_shop(merchant_id)
    make_account(merchant_id)
    publish(
        merchant_id,
        settlement.Rule(code="clerk", role="clerk", rate_bp=777, due=now),
        settlement.Rule(code="fee", role="filler", fixed_minor=111, due=now),
        owners=(
            settlement.OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_500, due=now),
        ),
        rest_days=0,
    )


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.usefixtures("shop")
def test_money_and_shares_are_where_the_model_says_when(story: str) -> None:
    machine = MoneyAndShares()
    machine.everything_is_told(2)
    try:
        for each in STORIES[story]:
            getattr(machine, each.rule)(**each.given)
            machine.all_is_as_the_model_says()
    finally:
        machine.teardown()


@pytest.mark.usefixtures("shop")
def test_money_and_shares_are_where_the_model_says_whatever_happens() -> None:
    run_state_machine_as_test(
        MoneyAndShares,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            phases=PHASES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
