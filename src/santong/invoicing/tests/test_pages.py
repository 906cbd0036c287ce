"""The buyer's pages: the receipt, the request for an invoice, what came of it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from santong.invoicing import public as invoicing
from santong.invoicing.models import Invoice, Sale
from santong.invoicing.rules.pdf import Paper, fitted, width_of
from santong.invoicing.selectors.receipts import receipt_path
from santong.invoicing.tests.factories import BUYER, make_seller, make_sold, work
from santong.kernel import tenancy

TEXT = re.compile(rb"Tm<([0-9a-f]*)>")
STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody with a link, in Chinese."""

    merchant: int
    path: str
    client: Client

    def page(self, more: str = "") -> Any:
        return self.client.get(f"{self.path}{more}")

    def ask(self, **typed: str) -> Any:
        sent = {"kind": "company", "name": BUYER.name, "number": BUYER.number, "key": "k"}
        return self.client.post(self.path, {**sent, **typed})

    def invoices(self) -> list[invoicing.Invoice]:
        with tenancy.scope(merchant_id=self.merchant):
            document = Sale.objects.of_merchant(self.merchant).get().document
            return invoicing.invoices_of(merchant_id=self.merchant, document=document)


@pytest.fixture
def buyer(merchant: int) -> Buyer:
    with tenancy.scope(merchant_id=merchant):
        make_seller(merchant, return_days=7)
        order = make_sold(merchant)
        token = invoicing.open_link(
            merchant_id=merchant, order_id=order.id, days=30, now=datetime.now(UTC)
        )
    return Buyer(
        merchant, receipt_path(token=token), Client(headers={"Accept-Language": "zh-hans"})
    )


def written(paper: bytes) -> str:
    """Everything that stands on a paper."""
    drawn = b"".join(zlib.decompress(stream) for stream in STREAM.findall(paper))
    codes = [bytes.fromhex(code.decode()) for code in TEXT.findall(drawn)]
    return "\n".join(code.decode("utf-16-be") for code in codes)


def test_a_receipt_says_what_was_bought_and_paid(buyer: Buyer) -> None:
    text = buyer.page().content.decode()

    assert "羊毛大衣 驼色 M" in text
    assert "¥597.00" in text
    assert "前可退货" in text
    assert "王小明" not in text
    assert "13800138000" not in text


def test_a_buyer_asks_and_follows_it_until_there_is_a_file(buyer: Buyer) -> None:
    asked = buyer.ask()
    before = buyer.page().content.decode()
    work(buyer.merchant, now=datetime.now(UTC))
    after = buyer.page().content.decode()
    (made,) = buyer.invoices()
    paper = buyer.page(f"{made.number}.pdf")

    assert asked.status_code == 302
    assert "已申请" in before
    assert "已开具" in after
    assert made.number in after
    assert paper["Content-Type"] == "application/pdf"
    for part in (made.number, BUYER.name, BUYER.number, "￥597.00", "不是真实发票"):
        assert part in written(paper.content)


def test_two_taps_on_one_form_are_one_request(buyer: Buyer) -> None:
    for _ in range(2):
        assert buyer.ask().status_code == 302

    assert len(buyer.invoices()) == 1


def test_what_was_typed_wrong_is_said_and_kept(buyer: Buyer) -> None:
    refused = buyer.ask(number="91330106MA0000007X", name="某某 公司")
    text = refused.content.decode()

    assert refused.status_code == 422
    assert "发票抬头有误" in text
    assert "某某 公司" in text
    assert buyer.invoices() == []


def test_a_persons_name_is_masked_on_the_page_and_whole_on_the_invoice(buyer: Buyer) -> None:
    buyer.ask(kind="person", name="王小明", number="ignored")
    work(buyer.merchant, now=datetime.now(UTC))
    (made,) = buyer.invoices()

    assert "王小明" not in buyer.page().content.decode()
    assert "王小明" in written(buyer.page(f"{made.number}.pdf").content)


def test_who_asks_too_often_is_heard_later(buyer: Buyer) -> None:
    answers = [buyer.ask(number="wrong", key=str(place)).status_code for place in range(11)]

    assert answers == [422] * 10 + [429]


def test_the_receipt_on_paper_has_a_code(buyer: Buyer) -> None:
    paper = buyer.page("receipt.pdf")

    assert paper.content.startswith(b"%PDF-1.5")
    assert "扫码申请开票" in written(paper.content)
    assert len(paper.content) < 20_000


@pytest.mark.parametrize("path", ["/i/nothing/", "/i/nothing/receipt.pdf", "/i/{}x/"])
def test_a_link_that_is_not_ours_opens_nothing(buyer: Buyer, path: str) -> None:
    answer = buyer.client.get(path.format(buyer.path.split("/")[2][:-1]))

    assert answer.status_code == 404
    assert "链接已失效" in answer.content.decode()


def test_a_link_opens_no_invoice_of_another_sale(buyer: Buyer, merchant: int) -> None:
    buyer.ask()
    work(merchant, now=datetime.now(UTC))
    with tenancy.scope(merchant_id=merchant):
        number = Invoice.objects.of_merchant(merchant).get().number

    other = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"

    assert buyer.page(f"{other}.pdf").status_code == 404
    assert buyer.page(".pdf").status_code == 404


def test_a_paper_keeps_its_margins_and_its_pages() -> None:
    paper = Paper()
    paper.text(547, 60, "￥597.00\x00", is_right=True)
    paper.turn()
    paper.text(48, 60, "第二页")

    assert written(paper.to_bytes()) == "￥597.00\n第二页"
    assert width_of("￥597.00", size=10) == 40
    assert fitted("一二三四五六七八", size=10, width=50) == "一二三..."
