"""An ERP with a warehouse of its own: it speaks Qimen, signs by itself, and knows nothing of us."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

TAKEN = (
    "<response><flag>success</flag><code>0</code><message>ok</message>"
    "<deliveryOrderId>WMS-{number}</deliveryOrderId></response>"
)


def signature(secret: str, params: dict[str, str], body: bytes) -> str:
    """As the platform's documentation has it: secret, sorted parameters, body, secret."""
    text = "".join(f"{name}{params[name]}" for name in sorted(params) if params[name])
    key = secret.encode()
    return hashlib.md5(key + text.encode() + body + key).hexdigest().upper()  # noqa: S324


@dataclass
class Heard:
    """What the ERP was told."""

    method: str
    document: ET.Element
    is_signed: bool


@dataclass
class Erp:
    """Somebody else's program."""

    app_key: str
    secret: str
    customer_id: str
    gateway: str = ""
    url: str = ""
    is_down: bool = False
    heard: list[Heard] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def say(self, method: str, body: str, *, address: str = "/router/qimen/service") -> ET.Element:
        """Send a document, and keep what was sent."""
        raw = body.encode()
        query = urlencode(self._signed(f"taobao.qimen.{method}", raw))
        url = f"{self.gateway}{address}?{query}"
        answer = self.post(url, raw)
        self.sent.append((url, raw))
        return answer

    def post(self, url: str, body: bytes) -> ET.Element:
        headers = {"Content-Type": "text/xml;charset=utf-8", "Accept": "text/xml,text/javascript"}
        request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310
        with urlopen(request, timeout=60) as response:  # noqa: S310  our own server
            assert response.status == 200
            assert "text/xml" in response.headers["Content-Type"]
            return ET.fromstring(response.read())  # noqa: S314  our own server

    def repeat_all(self) -> list[ET.Element]:
        """Every message once more, byte for byte, as a program does that heard no answer."""
        return [self.post(url, body) for url, body in self.sent]

    def _signed(self, method: str, body: bytes) -> dict[str, str]:
        china = datetime.now(UTC) + timedelta(hours=8)
        params = {
            "method": method,
            "app_key": self.app_key,
            "customerId": self.customer_id,
            "format": "xml",
            "sign_method": "md5",
            "timestamp": china.strftime("%Y-%m-%d %H:%M:%S"),
            "v": "2.0",
        }
        return params | {"sign": signature(self.secret, params, body)}

    def take(self, target: str, body: bytes) -> bytes:
        """What the ERP does when it is called."""
        params = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
        given = params.pop("sign", "")
        is_signed = given == signature(self.secret, params, body)
        document = ET.fromstring(body)  # noqa: S314  our own product
        self.heard.append(Heard(params["method"], document, is_signed))
        number = document.findtext(".//deliveryOrderCode") or ""
        return TAKEN.format(number=number).encode()


@contextmanager
def listening(erp: Erp) -> Iterator[Erp]:
    """The ERP listens at `url` until the block ends."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if erp.is_down:
                self.send_error(503)
                return
            answer = erp.take(self.path, body)
            self.send_response(200)
            self.send_header("Content-Type", "text/xml;charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            """Tests ask what was heard."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    erp.url = f"http://127.0.0.1:{server.server_port}/qimen"
    try:
        yield erp
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
