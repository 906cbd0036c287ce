"""What waits is sent: once, in order, whatever the other side does."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.gateway import public as gateway
from santong.gateway.errors import SerialNumberTaken
from santong.gateway.models import MemberSync, Operation
from santong.gateway.rules.calls_out import POINT_OPERATE
from santong.gateway.rules.member_calls import MemberCall
from santong.gateway.selectors.lines import line_by_id
from santong.gateway.services.claim_work import claim_work
from santong.gateway.services.forget_member import forget_member
from santong.gateway.services.know_identity import know_identity
from santong.gateway.services.note_change import note_change
from santong.gateway.services.queue_operation import queue_operation
from santong.gateway.spi.deliver import CLAIM_LIVES, deliver
from santong.gateway.tests.factories import NOW, make_line
from santong.gateway.tests.simulated import APP_KEY, SECRET, Simulated
from santong.kernel import tenancy
from santong.membership.tests.factories import make_member, make_programme
from santong.orders.tests.factories import make_shop

pytestmark = pytest.mark.usefixtures("database")


@dataclass
class Clock:
    """Time passes when the test says so."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Scene:
    """A merchant with a line to a side that really listens."""

    merchant_id: int
    connection_id: int
    side: Simulated
    clock: Clock

    def run(self) -> int:
        return deliver(merchant_id=self.merchant_id, clock=self.clock)

    def run_until_empty(self, *, most: int = 400) -> None:
        for _ in range(most):
            self.run()
            if not self.waiting():
                return
            self.clock.wait(seconds=20)
        raise AssertionError("something still waits")

    def waiting(self) -> int:
        with tenancy.scope(merchant_id=self.merchant_id):
            (found,) = gateway.line_states(merchant_id=self.merchant_id)
            return found.waiting

    def operate(self, serial_no: str, *, card: str = "C1", point: int = 1, lane: int = 1) -> bool:
        with tenancy.scope(merchant_id=self.merchant_id):
            return queue_operation(
                merchant_id=self.merchant_id,
                connection_id=self.connection_id,
                lane=lane,
                serial_no=serial_no,
                method=POINT_OPERATE,
                fields={"serial_no": serial_no, "card_number": card, "point": point},
                now=self.clock.now,
            )

    def sound(self) -> None:
        with tenancy.scope(merchant_id=self.merchant_id):
            found = gateway.check_invariants(merchant_id=self.merchant_id, now=self.clock.now)
        assert found == []


@pytest.fixture
def crm(merchant: int, side: Simulated) -> Scene:
    return make_scene(merchant, side, kind="crm", storefront_code="")


@pytest.fixture
def marketplace(merchant: int, side: Simulated) -> Scene:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
    return make_scene(merchant, side, session="6100session")


def make_scene(merchant_id: int, side: Simulated, **given: Any) -> Scene:
    with tenancy.scope(merchant_id=merchant_id):
        made, _ = make_line(
            merchant_id,
            app_key=APP_KEY,
            secret=SECRET,
            url=side.url,
            **{"answers_within_ms": 10_000, **given},
        )
    return Scene(merchant_id, made.id, side, Clock())


def known_member(scene: Scene, **identity: str) -> int:
    with tenancy.scope(merchant_id=scene.merchant_id):
        programme = make_programme(merchant_id=scene.merchant_id)
        member_id = make_member(merchant_id=scene.merchant_id, programme=programme).member.id
        line = line_by_id(merchant_id=scene.merchant_id, connection_id=scene.connection_id)
        assert line is not None
        know_identity(
            merchant_id=scene.merchant_id,
            line=line,
            member_id=member_id,
            call=MemberCall(contract="bind", identities=tuple(identity.items())),
            now=scene.clock.now,
        )
    return member_id


def change(scene: Scene, member_id: int) -> None:
    with tenancy.scope(merchant_id=scene.merchant_id):
        note_change(merchant_id=scene.merchant_id, member_ids=[member_id], now=scene.clock.now)


def test_an_operation_is_sent_signed_and_ends(crm: Scene) -> None:
    assert crm.operate("S1", point=30)

    sent = crm.run()

    (heard,) = crm.side.heard
    assert (sent, heard.method, heard.is_signed) == (1, POINT_OPERATE, True)
    assert crm.side.points == {"C1": 30}
    assert (crm.waiting(), crm.run()) == (0, 0)
    with tenancy.scope(merchant_id=crm.merchant_id):
        (logged,) = gateway.calls_of(
            merchant_id=crm.merchant_id,
            connection_id=crm.connection_id,
            before_id=2**63 - 1,
            limit=9,
        )
    assert (logged.outcome, logged.code, logged.request["card_number"]) == ("ok", "SUC", "***")


def test_the_same_operation_is_queued_once_and_another_under_its_number_is_refused(
    crm: Scene,
) -> None:
    assert crm.operate("S1", point=30)
    assert not crm.operate("S1", point=30)

    with pytest.raises(SerialNumberTaken):
        crm.operate("S1", point=31)

    crm.run()
    assert crm.side.points == {"C1": 30}


def test_of_an_operation_that_has_ended_only_the_number_is_kept(crm: Scene) -> None:
    crm.operate("S1", point=30)
    crm.run()

    again = crm.operate("S1", point=30)

    with tenancy.scope(merchant_id=crm.merchant_id):
        (row,) = Operation.objects.of_merchant(crm.merchant_id)
    assert (again, row.state, bytes(row.body_sealed)) == (False, "done", b"")
    assert (crm.run(), crm.side.points) == (0, {"C1": 30})


def test_twenty_at_once_queue_one_operation(crm: Scene, at_once: Callable[..., list[Any]]) -> None:
    results = at_once(*[lambda: crm.operate("S1")] * 20)

    assert sorted(results) == [False] * 19 + [True]


@pytest.mark.parametrize(
    ("mood", "answers_within_ms"),
    [("broken", 10_000), ("gone", 10_000), ("slow", 300), ("lost", 10_000), ("garbled", 10_000)],
)
def test_what_fails_is_tried_again_later_and_applied_once(
    merchant: int, side: Simulated, mood: str, answers_within_ms: int
) -> None:
    crm = make_scene(
        merchant, side, kind="crm", storefront_code="", answers_within_ms=answers_within_ms
    )
    crm.operate("S1", point=5)
    crm.operate("S2", point=7)
    crm.side.moods.turns = [mood]

    crm.run()
    failed = crm.waiting()
    crm.run_until_empty()

    assert failed == 2
    assert crm.side.points == {"C1": 12}
    assert crm.side.applied == ["S1", "S2"]
    crm.sound()


def test_a_no_for_good_ends_the_operation_and_its_lane_goes_on(crm: Scene) -> None:
    crm.side.moods.turns = ["no"]
    crm.operate("S1")
    crm.operate("S2")

    crm.run_until_empty()

    with tenancy.scope(merchant_id=crm.merchant_id):
        rows = Operation.objects.of_merchant(crm.merchant_id).order_by("id")
        found = [(row.serial_no, row.state, row.code) for row in rows]
    assert found == [("S1", "refused", "isv.invalid-parameter"), ("S2", "done", "SUC")]


def test_a_line_that_is_down_is_left_alone_and_drains_in_order_afterwards(crm: Scene) -> None:
    for number in range(40):
        crm.operate(f"S{number}", lane=number % 4, card=f"C{number % 4}")
    crm.side.moods.choose = lambda: "gone"
    for _ in range(20):
        crm.run()
        crm.clock.wait(seconds=1)
    with tenancy.scope(merchant_id=crm.merchant_id):
        (down,) = gateway.line_states(merchant_id=crm.merchant_id)
        (alarm,) = gateway.alarms(merchant_id=crm.merchant_id, before_id=2**63 - 1, limit=5)
        asked = gateway.calls_of(
            merchant_id=crm.merchant_id,
            connection_id=crm.connection_id,
            before_id=2**63 - 1,
            limit=200,
        )

    crm.side.moods.choose = None
    crm.run_until_empty()

    assert (down.breaker, down.waiting) == ("open", 40)
    assert alarm.closed_at is None
    assert len(asked) <= 12
    order = [[s for s in crm.side.applied if int(s[1:]) % 4 == lane] for lane in range(4)]
    assert order == [[f"S{n}" for n in range(lane, 40, 4)] for lane in range(4)]
    crm.sound()


def test_a_marketplace_is_told_of_many_changes_once(marketplace: Scene) -> None:
    member_id = known_member(marketplace, mix_nick="三通测试")
    for _ in range(5):
        change(marketplace, member_id)

    marketplace.run()

    (heard,) = marketplace.side.heard
    assert (heard.method, heard.is_signed) == ("tmall.mei.crm.member.sync", True)
    assert heard.fields["mix_nick"] == "三通测试"
    assert (heard.fields["point"], heard.fields["level_type"]) == ("0", "1")
    assert marketplace.waiting() == 0


def test_every_telling_has_a_larger_version_also_within_one_second(marketplace: Scene) -> None:
    member_id = known_member(marketplace, ouid="AAH1")

    for _ in range(3):
        change(marketplace, member_id)
        marketplace.run()

    versions = [int(heard.fields["version"]) for heard in marketplace.side.heard]
    assert len(versions) == 3
    assert versions == sorted(set(versions))
    assert {heard.method for heard in marketplace.side.heard} == {"tmall.mei.crm.member.sync.privy"}


def test_a_change_while_a_telling_is_under_way_is_told_again(marketplace: Scene) -> None:
    member_id = known_member(marketplace, ouid="AAH1")

    with tenancy.scope(merchant_id=marketplace.merchant_id):
        line = line_by_id(
            merchant_id=marketplace.merchant_id, connection_id=marketplace.connection_id
        )
        assert line is not None
        (parcel,) = claim_work(
            merchant_id=marketplace.merchant_id,
            line=line,
            most=8,
            until=NOW + CLAIM_LIVES,
            now=NOW,
        )
    change(marketplace, member_id)

    # Whoever claimed it died; another one takes it over when the claim has ended.
    assert marketplace.run() == 0
    marketplace.clock.wait(seconds=CLAIM_LIVES.seconds)
    marketplace.run_until_empty()
    (heard,) = marketplace.side.heard
    assert int(heard.fields["version"]) > parcel.fields["version"]  # type: ignore[operator]


@pytest.mark.parametrize("mood", ["no", "error", "broken"])
def test_a_state_that_is_refused_is_never_lost(marketplace: Scene, mood: str) -> None:
    known_member(marketplace, ouid="AAH1")
    marketplace.side.moods.turns = [mood, mood]

    marketplace.run()
    assert marketplace.waiting() == 1
    marketplace.run_until_empty()

    assert marketplace.side.moods.turns == []
    assert marketplace.waiting() == 0


def test_whoever_is_not_bound_any_more_is_forgotten(marketplace: Scene) -> None:
    member_id = known_member(marketplace, ouid="AAH1")

    with tenancy.scope(merchant_id=marketplace.merchant_id):
        forget_member(
            merchant_id=marketplace.merchant_id, member_id=member_id, storefront_code="flagship"
        )
    change(marketplace, member_id)

    assert (marketplace.run(), marketplace.waiting()) == (0, 0)
    with tenancy.scope(merchant_id=marketplace.merchant_id):
        assert MemberSync.objects.of_merchant(marketplace.merchant_id).count() == 0


def test_a_paused_line_keeps_what_waits(crm: Scene) -> None:
    crm.operate("S1")
    asked: dict[str, Any] = {
        "merchant_id": crm.merchant_id,
        "connection_id": crm.connection_id,
        "reason": "maintenance",
        "now": NOW,
    }
    with tenancy.scope(merchant_id=crm.merchant_id):
        gateway.pause_connection(**asked)
    assert (crm.run(), crm.waiting()) == (0, 1)

    with tenancy.scope(merchant_id=crm.merchant_id):
        gateway.resume_connection(**asked)

    assert (crm.run(), crm.waiting()) == (1, 0)


def test_workers_at_once_send_each_operation_once_and_in_order(
    crm: Scene, at_once: Callable[..., list[Any]]
) -> None:
    for number in range(60):
        crm.operate(f"S{number}", lane=number % 5, card=f"C{number % 5}")

    sent = at_once(*[crm.run] * 4)

    assert sum(sent) == 60
    assert len(crm.side.heard) == 60
    order = [[s for s in crm.side.applied if int(s[1:]) % 5 == lane] for lane in range(5)]
    assert order == [[f"S{n}" for n in range(lane, 60, 5)] for lane in range(5)]
    crm.sound()


def test_a_thousand_changes_while_the_crm_comes_and_goes_end_equal(
    crm: Scene, at_once: Callable[..., list[Any]]
) -> None:
    """Chaos: it answers, breaks, is slow, takes and loses the answer, by a seeded game."""
    game = random.Random(20261122)
    moods = ["well"] * 12 + ["broken", "gone", "lost", "garbled", "error"]
    crm.side.moods.choose = lambda: game.choice(moods)
    expected: dict[str, int] = defaultdict(int)
    serials_by_card: dict[str, list[str]] = defaultdict(list)
    changes = []
    for number in range(1_000):
        card, point = f"C{game.randrange(20)}", game.choice([-3, 5, 8])
        expected[card] += point
        serials_by_card[card].append(f"S{number}")
        changes.append((f"S{number}", card, point))

    def make(part: list[tuple[str, str, int]]) -> None:
        for serial_no, card, point in part:
            crm.operate(serial_no, card=card, point=point, lane=int(card[1:]))

    make(changes[:500])
    crm.run()
    make(changes[500:])
    for _ in range(300):
        at_once(crm.run, crm.run)
        if not crm.waiting():
            break
        crm.clock.wait(seconds=30)

    assert crm.waiting() == 0
    assert crm.side.points == expected
    assert len(crm.side.applied) == len(set(crm.side.applied)) == 1_000
    for card, serials in serials_by_card.items():
        assert [s for s in crm.side.applied if s in set(serials)] == serials, card
    assert all(heard.is_signed for heard in crm.side.heard)
    assert len(crm.side.heard) > 1_000
    crm.sound()
