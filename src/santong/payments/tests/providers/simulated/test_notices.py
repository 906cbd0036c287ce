"""Notices of the simulated provider go out by real HTTP, signed, until they are taken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.payments.contracts.providers import Access, Ask, BadSignature
from santong.payments.models import SimulatedNotice
from santong.payments.providers.simulated import Simulated
from santong.payments.providers.simulated_post import let_time_pass
from santong.payments.rules.simulated.terms import PAUSES_SECONDS
from santong.payments.services.simulated.claim_notices import (
    CLAIM_LIVES,
    claim_notices,
    settle_notice,
)
from santong.payments.services.simulated.forget_notices import forget_notices
from santong.payments.tests.at_providers import Clock, make_access, make_ask, make_refund

pytestmark = pytest.mark.usefixtures("database")


@dataclass
class Ears:
    """Somebody who listens at `url`, and takes what he is told once he is `willing`."""

    url: str = ""
    status: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def ears() -> Iterator[Ears]:
    with listening() as found:
        yield found


@contextmanager
def listening() -> Iterator[Ears]:
    ears = Ears()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ears.heard.append((dict(self.headers), body))
            self.send_response(ears.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the library calls it
            """Tests ask what was heard."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    ears.url = f"http://127.0.0.1:{server.server_port}/spi/payments/m1/main"
    try:
        yield ears
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def paid(simulated: Simulated, access: Access, **given: Any) -> Ask:
    ask = make_ask(way="scan", **given)
    simulated.ask(access=access, ask=ask)
    return ask


def pass_time(access: Access, clock: Clock) -> int:
    return let_time_pass(merchant_id=access.merchant_id, clock=clock)


def states(access: Access) -> list[tuple[str, int]]:
    with tenancy.scope(merchant_id=access.merchant_id):
        notices = SimulatedNotice.objects.of_merchant(access.merchant_id).order_by("id")
        return [(each.state, each.attempts) for each in notices]


def test_what_is_told_is_signed_and_read(
    simulated: Simulated, merchant: int, clock: Clock, ears: Ears
) -> None:
    access = make_access(merchant, notify_url=ears.url)
    ask = paid(simulated, access)

    told = pass_time(access, clock)

    assert told == 1
    assert states(access) == [("told", 1)]
    ((headers, body),) = ears.heard
    notice = simulated.read_notice(access=access, headers=headers, body=body)
    assert (notice.about, notice.reference) == ("payment", ask.reference)
    assert notice.payment == simulated.query(access=access, reference=ask.reference)
    with pytest.raises(BadSignature):
        simulated.read_notice(access=access, headers=headers, body=body + b" ")
    clock.move(minutes=6)
    with pytest.raises(BadSignature):
        simulated.read_notice(access=access, headers=headers, body=body)
    assert pass_time(access, clock) == 0


def test_what_is_not_taken_is_told_again_until_it_is(
    simulated: Simulated, merchant: int, clock: Clock, ears: Ears
) -> None:
    access = make_access(merchant, notify_url=ears.url)
    paid(simulated, access)
    ears.status = 500

    tries = [pass_time(access, clock)]
    tries.append(pass_time(access, clock))
    clock.move(seconds=PAUSES_SECONDS[0])
    tries.append(pass_time(access, clock))
    ears.status = 200
    clock.move(seconds=PAUSES_SECONDS[1])
    tries.append(pass_time(access, clock))

    assert tries == [1, 0, 1, 1]
    assert states(access) == [("told", 3)]
    assert len({body for _, body in ears.heard}) == 1


def test_whoever_never_takes_it_is_given_up(
    simulated: Simulated, merchant: int, clock: Clock
) -> None:
    access = make_access(merchant, notify_url="http://127.0.0.1:1/nobody", pace_permille="0")
    paid(simulated, access)

    told = pass_time(access, clock)

    assert told == len(PAUSES_SECONDS) + 1
    assert states(access) == [("given_up", told)]


def test_the_same_is_told_twice_and_has_one_number(
    simulated: Simulated, merchant: int, clock: Clock, ears: Ears
) -> None:
    access = make_access(merchant, notify_url=ears.url)
    ask = make_ask(token="mood:notice_twice")
    simulated.ask(access=make_access(merchant, notify_url=ears.url, buyer="pays"), ask=ask)

    pass_time(access, clock)

    assert len(ears.heard) == 2
    numbers = {
        simulated.read_notice(access=access, headers=headers, body=body).number
        for headers, body in ears.heard
    }
    assert numbers == {f"payment:{ask.reference}:paid"}


def test_time_passes_for_refunds_and_their_end_is_told(
    simulated: Simulated, merchant: int, clock: Clock, ears: Ears
) -> None:
    access = make_access(merchant, notify_url=ears.url)
    ask = paid(simulated, access)
    simulated.refund(access=access, ask=make_refund(ask, 900, reason="mood:refund_fails"))
    clock.move(minutes=5)

    pass_time(access, clock)

    told = [
        simulated.read_notice(access=access, headers=headers, body=body)
        for headers, body in ears.heard
    ]
    assert [(each.about, each.move.state if each.move else "") for each in told] == [
        ("payment", ""),
        ("refund", "failed"),
    ]


def test_a_notice_is_claimed_by_one_and_again_once_its_claim_has_ended(
    simulated: Simulated, access: Access, clock: Clock, at_once: Any
) -> None:
    for _ in range(5):
        paid(simulated, access)

    def claim() -> list[int]:
        with tenancy.scope(merchant_id=access.merchant_id):
            found = claim_notices(merchant_id=access.merchant_id, now=clock(), limit=2)
        return [each.notice_id for each in found]

    claimed = [each for found in at_once(*[claim for _ in range(4)]) for each in found]

    assert len(claimed) == len(set(claimed)) > 0
    clock.move(seconds=int(CLAIM_LIVES.total_seconds()))
    assert len(claim()) == 2


def test_whoever_comes_after_the_claim_has_ended_settles_nothing(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    paid(simulated, access)
    with tenancy.scope(merchant_id=access.merchant_id):
        (old,) = claim_notices(merchant_id=access.merchant_id, now=clock(), limit=9)
    clock.move(seconds=60)
    with tenancy.scope(merchant_id=access.merchant_id):
        (new,) = claim_notices(merchant_id=access.merchant_id, now=clock(), limit=9)
        settle_notice(merchant_id=access.merchant_id, letter=old, is_taken=True, now=clock())
    assert states(access) == [("waiting", 0)]

    with tenancy.scope(merchant_id=access.merchant_id):
        settle_notice(merchant_id=access.merchant_id, letter=new, is_taken=True, now=clock())

    assert states(access) == [("told", 1)]


def test_what_was_told_is_forgotten_after_a_month_and_what_waits_is_not(
    simulated: Simulated, merchant: int, clock: Clock, ears: Ears
) -> None:
    access = make_access(merchant, notify_url=ears.url)
    paid(simulated, access)
    pass_time(access, clock)
    paid(simulated, access)

    forgotten: list[int] = []
    for days in (35, 1):
        clock.move(days=days)
        with tenancy.scope(merchant_id=merchant):
            forgotten.append(forget_notices(merchant_id=merchant, now=clock(), limit=10))

    assert forgotten == [0, 1]
    assert states(access) == [("waiting", 0)]


def test_a_letter_shows_its_secret_to_nobody(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    paid(simulated, access)

    with tenancy.scope(merchant_id=access.merchant_id):
        (letter,) = claim_notices(
            merchant_id=access.merchant_id, now=clock() + timedelta(seconds=1), limit=1
        )

    assert letter.secret == "a secret of nobody"
    assert letter.secret not in repr(letter)
