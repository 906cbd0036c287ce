"""Alarms leave by mail once, to whoever asked, when a mail server takes them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from santong.gateway.events import ConnectionAlarm
from santong.kernel import cells, facts, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.messaging import public as messaging
from santong.messaging.models import Mail
from santong.messaging.senders.mails import send_mails
from santong.messaging.subscribers import tell_outside
from santong.messaging.tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ALARM = ConnectionAlarm(connection_id=7, alarm_id=3, calls=33, failures=4, percentage="12.12 %")


@dataclass
class MailServer:
    """Takes mails, by as much of SMTP as that needs; or is too busy."""

    port: int = 0
    is_busy: bool = False
    mails: list[tuple[str, bytes]] = field(default_factory=list)

    def talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as heard:
            to = ""

            def say(text: str) -> None:
                line.sendall(text.encode() + b"\r\n")

            say("220 here")
            for row in heard:
                word = row.decode().strip()
                if word.upper().startswith("RCPT"):
                    to = word.partition("<")[2].rstrip(">")
                if word.upper() == "DATA":
                    say("354 go on")
                    body = b"".join(iter(heard.readline, b".\r\n"))
                    self.mails.append((to, body))
                if word.upper().startswith("MAIL") and self.is_busy:
                    say("451 later")
                    continue
                say("221 bye" if word.upper() == "QUIT" else "250 OK")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with listening() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = found.port
        settings.EMAIL_USE_TLS = False
        yield found


@contextmanager
def listening() -> Iterator[MailServer]:
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    server.talk(listener.accept()[0])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def want(merchant_id: int, address: str) -> int:
    with tenancy.scope(merchant_id=merchant_id):
        return messaging.want_mails(merchant_id=merchant_id, address=address, now=NOW)


def ring(merchant_id: int) -> cells.Cell:
    with tenancy.scope(merchant_id=merchant_id) as scope:
        tell_outside(ALARM, merchant_id=merchant_id, now=NOW)
        return scope.cell


def states(merchant_id: int) -> list[tuple[str, int]]:
    with tenancy.scope(merchant_id=merchant_id):
        return list(Mail.objects.order_by("id").values_list("state", "attempts"))


def test_an_alarm_is_mailed_to_everybody_who_asked_and_to_each_once(
    merchant: int, server: MailServer
) -> None:
    first = want(merchant, "Ops@example.com")
    again = want(merchant, "ops@example.com ")
    want(merchant, "night@example.com")
    cell = ring(merchant)

    for _ in range(2):
        send_mails(cell=cell, now=NOW)

    own = [mail for mail in server.mails if mail[0] in {"ops@example.com", "night@example.com"}]
    text = message_from_bytes(own[0][1], policy=policy.default)
    assert first == again
    assert sorted(to for to, _ in own) == ["night@example.com", "ops@example.com"]
    assert "4 failures, 12.12 %" in text["Subject"]
    assert "4 of 33 calls failed" in text.get_content()
    assert states(merchant) == [("sent", 1), ("sent", 1)]


def test_a_mail_server_that_is_busy_is_asked_again_later(merchant: int, server: MailServer) -> None:
    want(merchant, "ops@example.com")
    cell = ring(merchant)
    server.is_busy = True
    send_mails(cell=cell, now=NOW)
    send_mails(cell=cell, now=NOW)
    after_a_failure = states(merchant)
    server.is_busy = False

    send_mails(cell=cell, now=NOW + timedelta(minutes=3))

    assert after_a_failure == [("waits", 1)]
    assert states(merchant) == [("sent", 2)]


def test_addresses_are_shown_masked_and_can_be_taken_off(merchant: int) -> None:
    entry_id = want(merchant, "ops@example.com")
    with tenancy.scope(merchant_id=merchant):
        (shown,) = messaging.mail_entries(merchant_id=merchant)
        messaging.want_no_mails(merchant_id=merchant, address_id=entry_id, now=NOW)
        left = messaging.mail_entries(merchant_id=merchant)

    assert shown.masked == "o***@example.com"
    assert left == []
    with tenancy.scope(merchant_id=merchant), pytest.raises(NoSuch):
        messaging.want_no_mails(merchant_id=merchant, address_id=entry_id, now=NOW)
    with tenancy.scope(merchant_id=merchant), pytest.raises(FieldInvalid):
        messaging.want_mails(merchant_id=merchant, address="nobody", now=NOW)


def test_messaging_hears_every_alarm() -> None:
    heard = facts.subscribers()["messaging"]

    assert {"gateway.connection_alarm.v1", "messaging.webhook_paused.v1"} <= heard.keys()
