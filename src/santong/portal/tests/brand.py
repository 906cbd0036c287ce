"""A brand's endpoint that really listens; `faults` say what it does wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from santong.kernel.signing import is_fresh, spi_sign

APP_KEY = "12129701"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
MEMBER = "13800000000"
MIXED = "87ed83b244dc2a60dfa8b9725172e10f"
MIX_KEY = "Ab3dE9"
REFUSED = {"success": "false", "failCode": "sign-check-failure", "failMessage": "Illegal request"}


@dataclass
class Brand:
    """What the brand knows: members by number, and who of them is bound."""

    url: str = ""
    faults: set[str] = field(default_factory=set)
    points: dict[str, int] = field(default_factory=lambda: {MEMBER: 888})
    copies: dict[str, int] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, said: Mapping[str, str]) -> dict[str, Any]:
        mobile = MEMBER if said.get("mix_mobile") == MIXED else said.get("mobile", "")
        if "mix_mobile" in said and "no_obfuscated" in self.faults:
            mobile = ""
        name = method.removeprefix("tmall.mei.crm.").removeprefix("member.")
        with self.lock:
            if method.startswith("tmall.crm."):
                if "older_names" in self.faults:
                    return {"success": "false", "failCode": "unknown-method"}
                name = method.removeprefix("tmall.crm.member.")
            answers = {
                "bind.query": self._bind_query,
                "bind": self._bind,
                "register": self._register,
                "query": self._query,
            }
            return answers[name](mobile, said)

    def _bind_query(self, mobile: str, said: Mapping[str, str]) -> dict[str, Any]:
        if "unknown_fields" in self.faults and "added_later" in said:
            return {"bindable": False, "bind_code": "E05"}
        if mobile not in self.points:
            code = "" if "nobody" in self.faults else "E04"
            return {"bindable": "nobody" in self.faults, "bind_code": code}
        if mobile in self.bound:
            return {"bindable": False, "bind_code": "" if "bound" in self.faults else "E02"}
        return {"bindable": True, "bind_code": "", "member": self._shown(mobile)}

    def _bind(self, mobile: str, said: Mapping[str, str]) -> dict[str, Any]:
        if mobile not in self.points:
            return {"bind_code": "E01"}
        if said["type"] == "2":
            if "unbind" not in self.faults:
                self.bound.discard(mobile)
            return {"bind_code": "SUC"}
        if mobile in self.bound and "bind_twice" in self.faults:
            return {"bind_code": "E01"}
        self.bound.add(mobile)
        return {"bind_code": "SUC", "member": self._shown(mobile)}

    def _register(self, mobile: str, _: Mapping[str, str]) -> dict[str, Any]:
        if "register" in self.faults:
            return {"register_code": "E05"}
        self.copies[mobile] = self.copies.get(mobile, 0) + 1
        self.points.setdefault(mobile, 0)
        self.bound.add(mobile)
        return {"register_code": "SUC", "member": self._shown(mobile)}

    def _query(self, mobile: str, _: Mapping[str, str]) -> dict[str, Any]:
        if mobile not in self.points:
            return {"query_code": "E01"}
        if "doubles" in self.faults and self.copies.get(mobile, 0) > 1:
            return {"query_code": "E03"}
        if mobile not in self.bound:
            return {"query_code": "E02"}
        return {"query_code": "SUC", "member": self._shown(mobile)}

    def _shown(self, mobile: str) -> dict[str, Any]:
        points = self.points[mobile]
        return {"point": points + 0.5 if "fractions" in self.faults else points, "level": "1"}


class _Listener(BaseHTTPRequestHandler):
    brand: ClassVar[Brand]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        is_form = "form" in self.headers["Content-Type"]
        form = dict(parse_qsl(body.decode())) if is_form else {}
        if not self._is_good(query, form, body):
            self._say(200, REFUSED)
            return
        try:
            said = form if is_form else json.loads(body)
        except ValueError:
            broken = "breaks" in self.brand.faults
            self._say(500 if broken else 200, {"success": "false", "failCode": "unreadable"})
            return
        if is_form and "form" in self.brand.faults:
            self._say(200, {"success": "false", "failCode": "no-form"})
            return
        self._say(200, self.brand.answer(query["method"], said))

    def _is_good(self, query: dict[str, str], form: dict[str, str], body: bytes) -> bool:
        faults = self.brand.faults
        sign = query.pop("sign", "")
        if not sign:
            return "unsigned" in faults
        if query["app_key"] != APP_KEY and "other_app" not in faults:
            return False
        if not is_fresh(timestamp=query["timestamp"], now=datetime.now(UTC)):
            return "old" in faults
        if "drops_empty" in faults:
            query = {name: value for name, value in query.items() if value}
        listed = self.headers.get("top-sign-list", "")
        named = [] if "no_headers" in faults else [name for name in listed.split(",") if name]
        expected = spi_sign(
            secret=SECRET,
            params={**query, **form},
            headers={name: unquote(self.headers.get(name, "")) for name in named},
            body=b"" if form else body,
        )
        return sign == expected or "any_sign" in faults

    def _say(self, status: int, document: dict[str, Any]) -> None:
        if "says_text" in self.brand.faults:
            kind = "text/plain"
        else:
            kind = "application/json;charset=utf-8"
        written = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as the library calls it
        """Tests ask what was answered."""


@contextmanager
def listening() -> Iterator[Brand]:
    """A brand that listens at `url` until the block ends."""
    brand = Brand()
    listener = type("Listener", (_Listener,), {"brand": brand})
    server = ThreadingHTTPServer(("127.0.0.1", 0), listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    brand.url = f"http://127.0.0.1:{server.server_port}/crm"
    try:
        yield brand
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
