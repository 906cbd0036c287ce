"""A house with a programme, and somebody with a phone and a browser."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.test import Client

from santong.kernel import attempts, cells, crypto, relay, tenancy
from santong.kernel.facts import adapter, fact_types, subscribers
from santong.kernel.models import OutboxEvent
from santong.membership import public as membership
from santong.membership.tests.factories import make_pool
from santong.merchants import public as merchants
from santong.merchants.tests.factories import NOW, make_brand
from santong.storefront.models import KeptMessage
from santong.storefront.rules.codes import MOST_BY_ADDRESS, MOST_BY_PHONE
from santong.storefront.rules.notices import WAITS
from santong.storefront.rules.phones import e164
from santong.storefront.selectors.codes import phone_index
from santong.storefront.selectors.messages import last_message, message_place
from santong.storefront.senders import send_notices
from santong.storefront.services.claim_notices import claim_notices
from santong.storefront.services.queue_notice import queue_notice
from santong.storefront.services.settle_notice import settle_notice
from santong.stores import public as stores
from santong.stores.tests.factories import make_location

TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", flags=re.DOTALL)

_numbers = itertools.count(1)
_heard: dict[int, int] = {}


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with a programme and a store of its brand."""

    merchant_id: int
    code: str
    programme: membership.Programme
    store: stores.Location

    def path(self, page: str = "") -> str:
        return f"/m/{self.code}/{page}"


def open_shop(merchant_id: int, *, name: str = "青禾会员") -> Shop:
    """A programme that takes members, in a pool of its own, and a store."""
    with tenancy.scope(merchant_id=merchant_id):
        brand = make_brand(merchant_id)
        programme = open_programme(merchant_id, brand_id=brand.id, name=name)
        store = make_location(merchant_id=merchant_id, brand_id=brand.id)
        code = merchants.merchant(merchant_id=merchant_id).code
    return Shop(merchant_id, code, programme, store)


def open_programme(merchant_id: int, *, brand_id: int, name: str) -> membership.Programme:
    return membership.open_programme(
        merchant_id=merchant_id,
        code=f"programme-{next(_numbers)}",
        name=name,
        brand_id=brand_id,
        pool_code=make_pool(merchant_id=merchant_id).code,
        now=NOW,
    )


def publish(shop: Shop, terms: membership.Terms) -> None:
    """Let these terms hold in the shop's programme."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        membership.publish_terms(
            merchant_id=shop.merchant_id,
            programme_code=shop.programme.code,
            terms=terms,
            reason="test",
            now=datetime.now(UTC),
        )


def first_member(shop: Shop) -> membership.Member:
    """Whoever joined before all others."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        return membership.members_page(merchant_id=shop.merchant_id, before_id=2**62, limit=10)[-1]


def new_phone() -> str:
    """A number that nobody else has in these tests."""
    return f"138{next(_numbers) + 10_000_000:08}"


def new_address() -> str:
    """An address that no other test counts."""
    return f"2001:db8:{next(_numbers):x}::1"


@dataclass(slots=True)
class Buyer:
    """Somebody with a phone and a browser of their own."""

    shop: Shop
    phone: str = field(default_factory=new_phone)
    address: str = field(default_factory=new_address)
    language: str = "en"
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(headers={"accept-language": self.language}, REMOTE_ADDR=self.address)

    def open(self, page: str = "", **query: str) -> Any:
        return self.client.get(self.shop.path(page), query)

    def send(self, page: str, **form: str) -> Any:
        return self.client.post(self.shop.path(page), form)

    def ask(self, **link: str) -> Any:
        """Type the phone, where the link leads or at the log-in."""
        return self.send("join/" if link else "log-in/", phone=self.phone, **link)

    def code(self) -> str:
        """What came to the phone."""
        return code_sent_to(self.shop.merchant_id, self.phone)

    def type_code(self, code: str = "") -> Any:
        return self.send("log-in/code/", code=code or self.code())

    def agree(self, **ticked: str) -> Any:
        return self.send("join/agree/", **(ticked or {"agree": "on"}))

    def join(self, **link: str) -> Any:
        """The whole way in of somebody new."""
        self.ask(**link)
        self.type_code()
        return self.agree()

    def log_in(self) -> Any:
        """The whole way in of a member."""
        self.ask()
        return self.type_code()

    def text(self, page: str = "", **query: str) -> str:
        """What a page says, as a reader sees it."""
        return text_of(self.open(page, **query))


def text_of(answer: Any) -> str:
    text = TAGS.sub(" ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(text)).strip()


def code_sent_to(merchant_id: int, phone: str) -> str:
    number = e164(phone)
    assert number is not None
    with tenancy.scope(merchant_id=merchant_id):
        message = last_message(merchant_id=merchant_id, phone=number)
    assert message is not None, "nothing was sent"
    found = re.search(r"\b\d{6}\b", message.text)
    assert found is not None
    return found.group()


def tell_all() -> None:
    """What the relay does all day."""
    for cell in cells.all_cells():
        relay.drain(cell=cell, wait_seconds=120)


def wait_a_day(buyer: Buyer) -> None:
    """Let the counters of a phone and of an address forget what they have counted."""
    number = e164(buyer.phone)
    network = attempts.network_of(buyer.address)
    for subject in (f"code-to:{buyer.shop.merchant_id}:{number}", f"code-from:{network}"):
        for _, span in (*MOST_BY_PHONE, *MOST_BY_ADDRESS):
            attempts.forget(subject=f"{subject}:{int(span.total_seconds())}")


def make_failed_notice(merchant_id: int, *, subject: str = "visit:9", now: datetime) -> int:
    """The id of a notice that did not leave, however often it was tried."""
    queue_notice(
        merchant_id=merchant_id,
        key=f"{subject}:offered",
        subject=subject,
        kind="visit_offered",
        phone=new_phone(),
        text="请预约上门时间",
        due_at=now,
        now=now,
    )
    at = now
    due = claim_notices(merchant_id=merchant_id, most=1, now=at)
    for _ in range(len(WAITS) + 1):
        (notice,) = due
        settle_notice(
            merchant_id=merchant_id,
            notice_id=notice.id,
            claim=notice.claim,
            why="ConnectionRefusedError",
            now=at,
        )
        at += WAITS[-1]
        due = claim_notices(merchant_id=merchant_id, most=1, now=at) or due
    return due[0].id


def hear(merchant_id: int, *, now: datetime) -> None:
    """Let storefront hear what was told since, each fact twice, as a relay may."""
    handlers = subscribers()["storefront"]
    with tenancy.scope(merchant_id=merchant_id):
        rows = OutboxEvent.objects.filter(
            merchant_id=merchant_id, id__gt=_heard.get(merchant_id, 0), name__in=handlers
        )
        for event in list(rows.order_by("id")):
            fact = adapter(fact_types()[event.name].cls).validate_python(event.body)
            for _ in range(2):
                handlers[event.name](fact, merchant_id=merchant_id, now=now)
            _heard[merchant_id] = event.id


def messages_to(merchant_id: int, phone: str) -> list[str]:
    """What the simulated sender kept for a phone (E.164), oldest first."""
    with tenancy.scope(merchant_id=merchant_id):
        index = phone_index(merchant_id=merchant_id, phone=phone)
        rows = KeptMessage.objects.of_merchant(merchant_id).filter(phone_index=index)
        return [
            crypto.decrypt(
                merchant_id=merchant_id, sealed=bytes(row.text_sealed), place=message_place(index)
            ).decode()
            for row in rows.order_by("id")
        ]


def send_all(merchant_id: int, *, now: datetime) -> None:
    """Let every notice leave that is due by then."""
    while send_notices(merchant_id=merchant_id, clock=lambda: now):
        pass
