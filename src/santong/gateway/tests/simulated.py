"""A marketplace and an older CRM that really listen, and fail as they are told."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from santong.kernel.signing import spi_sign, top_sign

APP_KEY = "12129701"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
# For how long a side keeps silent, or drips, before somebody who should have hung up.
LONGEST_SECONDS = 60.0


@dataclass
class Heard:
    """One call that arrived: what it asked, and whether it was signed."""

    method: str
    fields: dict[str, Any]
    is_signed: bool


@dataclass
class Moods:
    """What the simulated side does with the next calls, by turns; after them it answers well."""

    turns: list[str] = field(default_factory=list)
    choose: Callable[[], str] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> str:
        with self.lock:
            if self.choose is not None:
                return self.choose()
            return self.turns.pop(0) if self.turns else "well"


@dataclass
class Simulated:
    """One listening side. `points` are an older CRM's, by card; each serial number counts once."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    moods: Moods = field(default_factory=Moods)
    points: dict[str, int] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    # What it says for an error where it is `telling`: more than anybody should.
    echoes: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, heard: Heard) -> dict[str, Any]:
        with self.lock:
            self.heard.append(heard)
            return self._carried_out(heard.method, heard.fields)

    def _carried_out(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        if method.startswith(("tmall.mei.crm.member.sync", "tmall.mei.crm.callback")):
            return {method.replace(".", "_") + "_response": {"mei_extra_info": ""}}
        known = self._known(fields)
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "alibaba.member.point.operate": lambda: self._operated(fields),
            "tmall.mei.crm.member.query": lambda: (
                {"query_code": "E02", "member": known} if known else {"query_code": "E01"}
            ),
            "tmall.mei.crm.member.bind.query": lambda: (
                {"bindable": True, "bind_code": "", "member": known}
                if known
                else {"bindable": False, "bind_code": "E04"}
            ),
            "tmall.mei.crm.bind": lambda: (
                {"bind_code": "SUC", "member": known} if known else {"bind_code": "E01"}
            ),
            "tmall.mei.crm.member.register": lambda: self._registered(fields),
        }
        return answers[method]()

    def _known(self, fields: dict[str, Any]) -> dict[str, Any] | None:
        """A member by telephone number or card, with what our operations have changed."""
        card = fields.get("card_number", "")
        mobile = fields.get("mobile") or self.cards.get(card, "")
        known = self.members.get(mobile)
        if not isinstance(known, dict) or type(known.get("point")) is not int:
            return known
        cards = [each for each, holder in self.cards.items() if holder == mobile]
        changed = sum(self.points.get(each, 0) for each in cards)
        return {**known, "point": known["point"] + changed}

    def _registered(self, fields: dict[str, Any]) -> dict[str, Any]:
        self.cards[fields["card_number"]] = fields["mobile"]
        return {"register_code": "SUC"}

    def _operated(self, fields: dict[str, Any]) -> dict[str, Any]:
        serial_no, card = fields["serial_no"], fields["card_number"]
        if serial_no not in self.applied:
            self.applied.append(serial_no)
            self.points[card] = self.points.get(card, 0) + fields["point"]
        return {"result": {"code": "SUC", "message": ""}}


class _Listener(BaseHTTPRequestHandler):
    simulated: ClassVar[Simulated]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mood = self.simulated.moods.next()
        if mood == "gone":
            self.close_connection = True
            return
        if mood == "slow":
            self._wait_for_the_caller_to_hang_up()
        if mood == "broken":
            self._say(500, b"<html>oops</html>")
            return
        answer = self.simulated.take(self._heard(body))
        if mood == "lost":
            self.close_connection = True
            return
        if mood == "garbled":
            self._say(200, b"\xff{")
            return
        self._say(200, json.dumps(self._spoken(mood, answer)).encode())

    def _wait_for_the_caller_to_hang_up(self) -> None:
        """So that nobody has an answer of it in time, however fast or slow this machine is."""
        self.connection.settimeout(LONGEST_SECONDS)
        with contextlib.suppress(OSError):
            self.rfile.read(1)

    def _spoken(self, mood: str, answer: dict[str, Any]) -> dict[str, Any]:
        is_router = "form" in self.headers["Content-Type"]
        if mood == "error":
            code = "isp.top-remote-service"
            error = {"error_response": {"code": 15, "sub_code": code}}
            return error if is_router else {"result": {"code": code}}
        if mood == "telling":
            told = self.simulated.echoes
            failed = {"success": "false", "failCode": told, "failMessage": told, told: told}
            said: dict[str, Any] = {"code": 15, "sub_code": told, "msg": told, "sub_msg": told}
            return {"error_response": said} if is_router else {**failed}
        if mood == "no":
            code = "isv.invalid-parameter"
            error = {"error_response": {"code": 41, "sub_code": code}}
            return error if is_router else {"result": {"code": code}}
        return answer

    def _heard(self, body: bytes) -> Heard:
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        sign = query.pop("sign", "")
        if "form" in self.headers["Content-Type"]:
            fields: dict[str, Any] = dict(parse_qsl(body.decode(), keep_blank_values=True))
            expected = top_sign(
                method=query["sign_method"],  # type: ignore[arg-type]
                secret=SECRET,
                params={**query, **fields},
            )
        else:
            fields = json.loads(body)
            expected = spi_sign(secret=SECRET, params=query, headers={}, body=body)
        return Heard(query["method"], fields, sign == expected)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as the library calls it
        """Tests ask what was heard."""


@contextmanager
def listening() -> Iterator[Simulated]:
    """A side that listens at `url` until the block ends."""
    simulated = Simulated()
    listener = type("Listener", (_Listener,), {"simulated": simulated})
    server = ThreadingHTTPServer(("127.0.0.1", 0), listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    simulated.url = f"http://127.0.0.1:{server.server_port}/router/rest"
    try:
        yield simulated
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
