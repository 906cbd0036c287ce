"""A marketplace that calls the brand's CRM over HTTP, with real signatures."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection as database
from django.test import Client

from santong.gateway import public as gateway
from santong.gateway.tests.factories import make_line
from santong.gateway.tests.simulated import APP_KEY, SECRET, Simulated
from santong.kernel import tenancy
from santong.kernel.signing import spi_sign, timestamp_of
from santong.membership import public as membership
from santong.membership.tests.factories import (
    give_points,
    join_by_phone,
    make_programme,
    make_shop,
)

JSON = "application/json;charset=utf-8"
FORM = "application/x-www-form-urlencoded;charset=utf-8"
XML = "text/xml;charset=utf-8"
BIND_QUERY = "tmall.mei.crm.member.bind.query"
BIND = "tmall.mei.crm.bind"
REGISTER = "tmall.mei.crm.member.register"
MEMBER_QUERY = "tmall.mei.crm.member.query"
OLDER_CRM = "old-crm"

_numbers = itertools.count(1)


@dataclass
class Platform:
    """What it knows of the brand: where to call, and with which secret."""

    path: str
    secret: str
    app_key: str = "12129701"
    overrides: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, fields: Any = None, **given: Any) -> dict[str, Any]:
        """Call with a JSON body, or with what is given; the answer is a JSON object."""
        answer = self.send(*self.signed(method, fields, **given))
        found: dict[str, Any] = json.loads(answer.content)
        return found

    def signed(
        self,
        method: str,
        fields: Any = None,
        *,
        body: bytes | None = None,
        content_type: str = JSON,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        now: datetime | None = None,
    ) -> tuple[str, bytes, str, dict[str, str]]:
        """The address, body, content type and headers of a call."""
        system = {
            "method": method,
            "app_key": self.app_key,
            "timestamp": timestamp_of(now=now or datetime.now(UTC)),
            "v": "1.0",
            "sign_method": "md5",
            "format": "json",
            **(query or {}),
        }
        is_form = content_type == FORM
        if body is None:
            body = (urlencode(fields) if is_form else json.dumps(fields)).encode()
        sign = spi_sign(
            secret=self.secret,
            params={**system, **(fields if is_form else {})},
            headers=headers or {},
            body=b"" if is_form else body,
        )
        address = f"{self.path}?{urlencode({**system, 'sign': sign})}"
        return address, body, content_type, headers or {}

    def send(self, address: str, body: bytes, content_type: str, headers: dict[str, str]) -> Any:
        """Send a call as it stands; whatever it is, it is answered with 200 and JSON."""
        answer = Client().post(
            address,
            body,
            content_type=content_type,
            headers={**headers, **({"top-sign-list": ",".join(headers)} if headers else {})},
        )
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "application/json;charset=utf-8"
        return answer


@dataclass
class Shop:
    """A brand's storefront on a marketplace, connected."""

    merchant_id: int
    connection: gateway.Connection
    programme: membership.Programme
    storefront: str
    platform: Platform

    def join(self, phone: str, *, points: int = 0) -> int:
        with tenancy.scope(merchant_id=self.merchant_id):
            joined = join_by_phone(
                merchant_id=self.merchant_id, programme=self.programme, phone=phone
            )
            if points:
                give_points(
                    merchant_id=self.merchant_id,
                    programme=self.programme,
                    member_id=joined.member.id,
                    points=points,
                )
        return joined.member.id

    def log(self) -> list[gateway.LoggedCall]:
        with tenancy.scope(merchant_id=self.merchant_id):
            return gateway.calls_of(
                merchant_id=self.merchant_id,
                connection_id=self.connection.id,
                before_id=2**63 - 1,
                limit=50,
            )

    def bindings(self, member_id: int) -> list[str]:
        with tenancy.scope(merchant_id=self.merchant_id):
            found = membership.bindings_of(merchant_id=self.merchant_id, member_id=member_id)
            return [each.state for each in found]


def make_connected_shop(merchant_id: int, **given: Any) -> Shop:
    with tenancy.scope(merchant_id=merchant_id):
        programme = make_programme(merchant_id=merchant_id)
        storefront = make_shop(merchant_id=merchant_id, programme=programme)
        made, secret = make_line(merchant_id, storefront_code=storefront, **given)
        with database.cursor() as cursor:
            cursor.execute("SELECT code FROM directory.merchant WHERE id = %s", [merchant_id])
            (code,) = cursor.fetchone()
    platform = Platform(path=f"/spi/members/{code}/{made.code}", secret=secret)
    return Shop(merchant_id, made, programme, storefront, platform)


def phone() -> str:
    return f"138{next(_numbers):08}"


def make_older_crm(merchant_id: int, side: Simulated, **given: Any) -> None:
    """A line to an older CRM that listens; shops name it as the one `behind` theirs."""
    with tenancy.scope(merchant_id=merchant_id):
        make_line(
            merchant_id,
            code=OLDER_CRM,
            kind="crm",
            storefront_code="",
            app_key=APP_KEY,
            secret=SECRET,
            url=side.url,
            **given,
        )
