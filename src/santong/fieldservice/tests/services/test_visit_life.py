"""A visit from the way there to its acceptance, and what goes otherwise."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

import pytest

from santong.clocks import public as clocks
from santong.evidence import public as evidence
from santong.fieldservice import contracts
from santong.fieldservice.errors import CodeNeeded, PhotosMissing, TooFar, VisitPassed
from santong.fieldservice.models import Slot
from santong.fieldservice.selectors.codes import (
    arrival_code,
    completion_code,
)
from santong.fieldservice.selectors.links import link_of, link_path, visit_of_link
from santong.fieldservice.selectors.photos import photos_of
from santong.fieldservice.selectors.visits import follower_of, parts_of, visit_by_id
from santong.fieldservice.services.accept_visit import (
    accept_by_code,
    accept_by_signature,
    accept_silent,
)
from santong.fieldservice.services.add_photos import add_photos
from santong.fieldservice.services.book_visit import book
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.check_in import check_in_by_code, check_in_by_place
from santong.fieldservice.services.follow_visit import follow_visit
from santong.fieldservice.services.offer_visit import parts_arrived
from santong.fieldservice.services.report_done import report_done
from santong.fieldservice.services.report_no_show import report_no_show, settle_absences
from santong.fieldservice.services.set_out import begin_work, set_out
from santong.fieldservice.tests.factories import (
    NOW,
    PLACE,
    assert_sound,
    local,
    make_service,
    make_team,
    make_visit,
    refused,
    told,
)

TEN, NOON = local(10), local(12)
THERE = contracts.Point(PLACE.latitude or 0, PLACE.longitude or 0)
# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SIGNED = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)
DRAWN = evidence.Upload(kind="signature", name="signature.png", content=PNG)
PHOTO = evidence.Upload(kind="photo", name="done.png", content=PNG)


def booked(merchant_id: int, **service: object) -> contracts.Visit:
    make_team(merchant_id)
    if service:
        make_service(merchant_id, **service)
    visit = make_visit(merchant_id)
    return book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)


def done(merchant_id: int, **service: object) -> contracts.Visit:
    visit = booked(merchant_id, **service)
    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)
    return report_done(merchant_id=merchant_id, visit_id=visit.id, now=NOON)


def clock(merchant_id: int, visit: contracts.Visit, term: str) -> clocks.Clock:
    found = clocks.clocks_of(merchant_id=merchant_id, subject=f"visit:{visit.id}")
    return [each for each in found if each.term.startswith(term)][-1]


def test_a_visit_is_made_and_accepted_by_the_buyers_code(merchant_id: int) -> None:
    visit = booked(merchant_id)
    set_out(merchant_id=merchant_id, visit_id=visit.id, now=TEN)

    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)
    begin_work(merchant_id=merchant_id, visit_id=visit.id, now=TEN)
    report_done(merchant_id=merchant_id, visit_id=visit.id, used_by_sku={"HINGE": 4}, now=NOON)
    code = completion_code(merchant_id=merchant_id, visit_id=visit.id)
    tried = accept_by_code(merchant_id=merchant_id, visit_id=visit.id, code=code, now=NOON)

    assert tried == contracts.CodeTried(is_right=True)
    after = visit_by_id(merchant_id=merchant_id, visit_id=visit.id)
    assert (after.state, after.accepted_by, after.checked_in_by) == (
        "accepted",
        "buyer_code",
        "place",
    )
    assert [fact.name.split(".")[1] for fact in told(merchant_id, visit)] == [
        "visit_offered",
        "visit_booked",
        "visit_checked_in",
        "visit_done",
        "visit_accepted",
    ]
    last = told(merchant_id, visit)[-1].body
    assert (last["document"], last["accepted_by"]) == (visit.document, "buyer_code")
    assert told(merchant_id, visit)[-2].body["used_by_sku"] == {"HINGE": 4}
    assert_sound(merchant_id)


def test_each_promise_has_a_clock(merchant_id: int) -> None:
    visit = booked(merchant_id)
    arrival = clock(merchant_id, visit, "arrival")
    assert (arrival.due_at, arrival.state) == (NOON, "running")
    assert set(arrival.tags) == {"provider", "technician"}

    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)
    report_done(merchant_id=merchant_id, visit_id=visit.id, now=local(20))

    assert clock(merchant_id, visit, "arrival").is_kept is True
    assert clock(merchant_id, visit, "completion").is_kept is False


def test_a_check_in_far_away_is_refused_and_the_code_is_the_way(merchant_id: int) -> None:
    visit = booked(merchant_id)
    away = contracts.Point(THERE.latitude + 0.01, THERE.longitude)

    with refused(TooFar) as why:
        check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=away, now=TEN)
    assert why.value.members() == {"distance_metres": 1_112, "most_metres": 300}
    wrong = check_in_by_code(merchant_id=merchant_id, visit_id=visit.id, code="", now=TEN)
    right = check_in_by_code(
        merchant_id=merchant_id,
        visit_id=visit.id,
        code=arrival_code(merchant_id=merchant_id, visit_id=visit.id),
        now=TEN,
    )

    assert (wrong.is_right, right.is_right) == (False, True)
    assert visit_by_id(merchant_id=merchant_id, visit_id=visit.id).checked_in_by == "code"


def test_codes_cannot_be_guessed_through(merchant_id: int) -> None:
    visit = done(merchant_id)
    right = completion_code(merchant_id=merchant_id, visit_id=visit.id)

    for _ in range(5):
        tried = accept_by_code(merchant_id=merchant_id, visit_id=visit.id, code="no", now=NOON)
        assert (tried.is_right, tried.wait_seconds) == (False, 0)
    tried = accept_by_code(merchant_id=merchant_id, visit_id=visit.id, code=right, now=NOON)

    assert tried.is_right is False
    assert tried.wait_seconds > 0
    later = NOON + timedelta(minutes=16)
    assert accept_by_code(
        merchant_id=merchant_id, visit_id=visit.id, code=right, now=later
    ).is_right


def test_arrival_and_completion_have_codes_of_their_own(merchant_id: int) -> None:
    visits = [make_visit_after(merchant_id, number) for number in range(3)]
    codes = {
        code(merchant_id=merchant_id, visit_id=visit.id)
        for visit in visits
        for code in (arrival_code, completion_code)
    }

    assert len(codes) == 6
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def make_visit_after(merchant_id: int, number: int) -> contracts.Visit:
    if not number:
        make_team(merchant_id)
    return make_visit(merchant_id)


@pytest.mark.parametrize(("drawn", "kind"), [(DRAWN, "signature"), (None, "document")])
def test_a_signature_accepts_drawn_or_written(
    merchant_id: int, drawn: evidence.Upload | None, kind: str
) -> None:
    visit = done(merchant_id)

    accepted = accept_by_signature(
        merchant_id=merchant_id,
        visit_id=visit.id,
        drawn=drawn,
        written="王小明",
        on="buyer",
        now=NOON,
    )

    assert (accepted.state, accepted.accepted_by) == ("accepted", "signature")
    (kept,) = photos_of(merchant_id=merchant_id, visit_id=visit.id)
    assert kept.kind == kind


def test_where_the_code_is_asked_for_the_technicians_phone_takes_no_signature(
    merchant_id: int,
) -> None:
    visit = done(merchant_id)

    with refused(CodeNeeded):
        accept_by_signature(
            merchant_id=merchant_id,
            visit_id=visit.id,
            drawn=DRAWN,
            written="",
            on="technician",
            now=NOON,
        )

    make_service(merchant_id, needs_code=False)
    accepted = accept_by_signature(
        merchant_id=merchant_id,
        visit_id=visit.id,
        drawn=DRAWN,
        written="",
        on="technician",
        now=NOON,
    )
    assert accepted.state == "accepted"


def test_two_days_of_silence_accept(merchant_id: int) -> None:
    visit = done(merchant_id)

    early = accept_silent(
        merchant_id=merchant_id, limit=10, now=NOON + timedelta(hours=47, minutes=59)
    )
    late = accept_silent(merchant_id=merchant_id, limit=10, now=NOON + timedelta(hours=48))

    assert (early, late) == (0, 1)
    after = visit_by_id(merchant_id=merchant_id, visit_id=visit.id)
    assert (after.state, after.accepted_by) == ("accepted", "silence")


def test_a_service_that_asks_for_photos_is_not_done_without(merchant_id: int) -> None:
    visit = booked(merchant_id, needs_photos=True)
    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)

    with refused(PhotosMissing):
        report_done(merchant_id=merchant_id, visit_id=visit.id, now=NOON)
    add_photos(
        merchant_id=merchant_id, visit_id=visit.id, uploads=[PHOTO], by="technician", now=NOON
    )

    reported = report_done(merchant_id=merchant_id, visit_id=visit.id, now=NOON)
    assert reported.state == "done"


def test_a_technician_who_never_came_is_missed_by_two_signals(merchant_id: int) -> None:
    visit = booked(merchant_id)
    path = link_path(merchant_id=merchant_id, visit_id=visit.id, now=NOW)

    reported = report_no_show(
        merchant_id=merchant_id, visit_id=visit.id, by="buyer", reason="没人来", now=NOON
    )
    assert reported.state == "booked"
    assert settle_absences(merchant_id=merchant_id, now=NOON + timedelta(minutes=29)) == 0
    assert settle_absences(merchant_id=merchant_id, now=NOON + timedelta(minutes=30)) == 1

    missed = visit_by_id(merchant_id=merchant_id, visit_id=visit.id)
    assert (missed.state, missed.missed_by) == ("missed", "technician")
    follower = follower_of(merchant_id=merchant_id, visit_id=visit.id)
    assert follower is not None
    after = visit_by_id(merchant_id=merchant_id, visit_id=follower)
    assert (after.state, after.follow_reason) == ("offered", "missed")
    assert link_path(merchant_id=merchant_id, visit_id=follower, now=NOON) == path
    assert visit_of_link(link=link_of(token=path.split("/")[2]), now=NOON) == follower
    assert clock(merchant_id, visit, "arrival").is_kept is False
    fact = told(merchant_id, visit)[-1]
    assert (fact.body["missed_by"], fact.body["followed_by_id"]) == ("technician", follower)
    assert not Slot.objects.filter(visit=visit.id, state="booked").exists()
    assert_sound(merchant_id)


def test_a_buyer_who_was_not_there_is_missed_by_two_signals(merchant_id: int) -> None:
    visit = booked(merchant_id)
    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)
    early, late = TEN + timedelta(minutes=5), TEN + timedelta(minutes=15)

    def report(now: datetime) -> contracts.Visit:
        return report_no_show(
            merchant_id=merchant_id,
            visit_id=visit.id,
            by="technician",
            reason="敲门无人应",
            now=now,
        )

    assert report(early).state == "arrived"
    assert report(late).state == "missed"
    assert visit_by_id(merchant_id=merchant_id, visit_id=visit.id).missed_by == "buyer"
    assert clock(merchant_id, visit, "arrival").is_kept is True
    assert clock(merchant_id, visit, "completion").state == "cancelled"


def test_a_second_trip_waits_for_its_parts_and_finishes_the_first(merchant_id: int) -> None:
    visit = booked(merchant_id)
    check_in_by_place(merchant_id=merchant_id, visit_id=visit.id, at=THERE, now=TEN)

    second = follow_visit(
        merchant_id=merchant_id,
        visit_id=visit.id,
        reason="parts",
        needed_by_sku={"DOOR-L": 1, "HINGE": 2},
        now=NOON,
    )
    again = follow_visit(merchant_id=merchant_id, visit_id=visit.id, reason="parts", now=NOON)

    assert (second.state, second.follows_id, again.id) == ("requested", visit.id, second.id)
    # What another trip has to finish is not accepted by silence.
    assert accept_silent(merchant_id=merchant_id, limit=9, now=NOON + timedelta(days=9)) == 0
    parts_arrived(merchant_id=merchant_id, visit_id=second.id, sku_codes=["HINGE"], now=NOON)
    assert visit_by_id(merchant_id=merchant_id, visit_id=second.id).state == "requested"
    offered = parts_arrived(
        merchant_id=merchant_id, visit_id=second.id, sku_codes=["DOOR-L"], now=NOON
    )
    assert offered.state == "offered"
    assert all(part.is_there for part in parts_of(merchant_id=merchant_id, visit_id=second.id))

    later = local(10, on=(NOON + timedelta(days=1)).date())
    book(merchant_id=merchant_id, visit_id=second.id, window_from=later, now=NOON)
    check_in_by_place(merchant_id=merchant_id, visit_id=second.id, at=THERE, now=later)
    report_done(merchant_id=merchant_id, visit_id=second.id, now=later)
    accept_by_signature(
        merchant_id=merchant_id, visit_id=second.id, drawn=DRAWN, written="", on="buyer", now=later
    )

    first = visit_by_id(merchant_id=merchant_id, visit_id=visit.id)
    assert (first.state, first.accepted_by) == ("accepted", "signature")
    # The document is accepted once: by the trip that finished it.
    names = [fact.name for each in (first, second) for fact in told(merchant_id, each)]
    assert names.count("fieldservice.visit_accepted.v1") == 1
    assert_sound(merchant_id)


def test_a_second_trip_that_was_called_off_leaves_the_first_to_silence(merchant_id: int) -> None:
    visit = done(merchant_id)
    second = follow_visit(
        merchant_id=merchant_id, visit_id=visit.id, reason="not_finished", now=NOON
    )

    cancel(merchant_id=merchant_id, visit_id=second.id, by="buyer", reason="可以了", now=NOON)

    assert accept_silent(merchant_id=merchant_id, limit=9, now=NOON + timedelta(days=3)) == 1


def test_nobody_calls_off_whoever_is_on_the_way(merchant_id: int) -> None:
    visit = booked(merchant_id)
    set_out(merchant_id=merchant_id, visit_id=visit.id, now=TEN)

    with refused(VisitPassed):
        report_done(merchant_id=merchant_id, visit_id=visit.id, now=TEN)
    with refused(VisitPassed):
        book(merchant_id=merchant_id, visit_id=visit.id, window_from=local(14), now=NOW)
