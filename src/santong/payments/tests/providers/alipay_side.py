"""Alipay's side of its protocol, written after its documents and not after our adapter.

It looks at our signatures by itself, keeps trades, authorisations, refunds, shares and transfers,
and signs what it answers and tells.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from santong.payments.contracts.providers import Access
from santong.payments.tests.providers.keys import key_of, private_pem, public_pem
from santong.payments.tests.providers.listening import Call, Says, listening

APP_ID = "2021000000000001"
SELLER = "2088000000000001"
NOW = datetime(2026, 11, 22, 7, 4, 5, tzinfo=UTC)
HERE = "2026-11-22 15:04:05"
NOTIFY_URL = "https://shop.example/notices/alipay?a=1&b=2"


def rsa2(text: str, key: RSAPrivateKey, digest: HashAlgorithm | None = None) -> str:
    """A signature as the documents describe it."""
    raw = key.sign(text.encode(), padding.PKCS1v15(), digest or SHA256())
    return base64.b64encode(raw).decode()


def fen(yuan: str) -> int:
    """Whole fen of an amount that must have two decimals."""
    whole, point, rest = yuan.partition(".")
    assert point == "."
    assert len(rest) == len("00")
    return int(whole) * 100 + int(rest)


def yuan(amount: int) -> str:
    """The amount with two decimals."""
    return f"{amount // 100}.{amount % 100:02}"


class No(Exception):
    """A business refusal."""


@dataclass
class Trade:
    """One trade."""

    number: str
    total: str
    status: str
    paid_at: str = ""
    refunds: dict[str, int] = field(default_factory=dict)


@dataclass
class Frozen:
    """Money frozen for us."""

    number: str
    title: str
    amount: int
    status: str
    taken: int = 0
    rest: int = 0


@dataclass
class AlipaySide:
    """Everything it remembers. `moods` are what it does with the next calls, by turns."""

    url: str = ""
    trades: dict[str, Trade] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    frozen: dict[str, Frozen] = field(default_factory=dict)
    shares: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    bill: bytes = b""
    certificate: str = ""
    clock: Callable[[], datetime] = lambda: NOW
    moods: list[Callable[[str, str], Says]] = field(default_factory=list)

    def access(self, **settings: str) -> Access:
        """How our side reaches it."""
        return Access(
            merchant_id=1,
            account_code="alipay",
            currency="CNY",
            settings={
                "app_id": APP_ID,
                "seller_id": SELLER,
                "base_url": f"{self.url}/gateway.do",
                "authorise": "yes",
                **settings,
            },
            secrets={
                "private_key": private_pem("shop"),
                "alipay_public_key": public_pem("alipay"),
            },
            notify_url=NOTIFY_URL,
        )

    def answer(self, call: Call) -> Says:
        """Any call: the gateway, or a file."""
        if call.method == "GET":
            return Says(body=self.bill)
        form = dict(parse_qsl(call.body.decode(), keep_blank_values=True, strict_parsing=True))
        self.forms.append(form)
        method = form["method"]
        name = method.replace(".", "_") + "_response"
        if not self.is_ours(form):
            refusal = {"code": "40002", "msg": "Invalid", "sub_code": "isv.invalid-signature"}
            return Says(body=json.dumps({name: refusal}).encode())
        fields = json.loads(form["biz_content"])
        self.heard.append((method, fields))
        verb = getattr(self, "on_" + method.removeprefix("alipay.").replace(".", "_"))
        try:
            said = {"code": "10000", "msg": "Success", **verb(fields)}
        except No as no:
            said = {"code": "40004", "msg": "Business Failed", "sub_code": no.args[0]}
        written = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
        if self.moods:
            return self.moods.pop(0)(name, written)
        return Says(body=signed_answer(name, written, certificate=self.certificate))

    def is_ours(self, form: dict[str, str]) -> bool:
        given = {name: value for name, value in form.items() if name != "sign"}
        text = "&".join(f"{name}={given[name]}" for name in sorted(given))
        if form["app_id"] != APP_ID or form["sign_type"] != "RSA2":
            return False
        # Its clock is China's, eight hours before ours.
        said = datetime.fromisoformat(form["timestamp"] + "+08:00")
        if abs(self.clock() - said) > timedelta(minutes=10):
            return False
        try:
            key_of("shop").public_key().verify(
                base64.b64decode(form["sign"]), text.encode(), padding.PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return False
        return True

    # ── What buyers do ────────────────────────────────────────────────────────────────────

    def pay(self, reference: str) -> None:
        """A buyer pays what was shown."""
        trade = self.trades.setdefault(
            reference, Trade(f"T{reference}", self.shown.get(reference, ""), "WAIT_BUYER_PAY")
        )
        trade.status, trade.paid_at = "TRADE_SUCCESS", HERE

    def notice(self, reference: str, **more: str) -> dict[str, str]:
        """The fields that it tells of a trade, before they are signed."""
        trade = self.trades[reference]
        return {
            "notify_id": f"n-{reference}",
            "notify_time": HERE,
            "notify_type": "trade_status_sync",
            "charset": "utf-8",
            "version": "1.0",
            "app_id": APP_ID,
            "seller_id": SELLER,
            "buyer_id": "2088000000000009",
            "subject": "茶 + 杯 50% & more=1",
            "out_trade_no": reference,
            "trade_no": trade.number,
            "trade_status": trade.status,
            "total_amount": trade.total,
            "gmt_payment": trade.paid_at,
            **more,
        }

    # ── What it is asked ──────────────────────────────────────────────────────────────────

    def on_trade_precreate(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._look_at_open(fields["out_trade_no"])
        self.shown[fields["out_trade_no"]] = fields["total_amount"]
        return {"qr_code": f"https://qr.example/{fields['out_trade_no']}"}

    def on_trade_create(self, fields: dict[str, Any]) -> dict[str, Any]:
        trade = Trade("T" + fields["out_trade_no"], fields["total_amount"], "WAIT_BUYER_PAY")
        self.trades[fields["out_trade_no"]] = trade
        return {"trade_no": trade.number}

    def on_trade_pay(self, fields: dict[str, Any]) -> dict[str, Any]:
        reference, total = fields["out_trade_no"], fields["total_amount"]
        self._look_at_open(reference)
        trade = Trade("T" + reference, total, "TRADE_SUCCESS", HERE)
        if "auth_no" in fields:
            held = next(one for one in self.frozen.values() if one.number == fields["auth_no"])
            assert fields["auth_confirm_mode"] == "COMPLETE"
            if fen(total) > held.rest:
                raise No("ACQ.EXCEED_AUTH_AMOUNT")
            held.taken, held.rest, held.status = fen(total), 0, "FINISH"
        elif fields["auth_code"] == "281111111111111111":
            trade.status, trade.paid_at = "WAIT_BUYER_PAY", ""
            self.trades[reference] = trade
            return {"code": "10003", "trade_no": trade.number}
        elif fields["auth_code"] == "280000000000000000":
            raise No("ACQ.BUYER_BALANCE_NOT_ENOUGH")
        self.trades[reference] = trade
        return {"trade_no": trade.number, "total_amount": total, "gmt_payment": HERE}

    def on_trade_query(self, fields: dict[str, Any]) -> dict[str, Any]:
        trade = self._trade(fields["out_trade_no"])
        paid = {"send_pay_date": trade.paid_at} if trade.paid_at else {}
        return {
            "trade_no": trade.number,
            "trade_status": trade.status,
            "total_amount": trade.total,
            "buyer_open_id": "open-1",
            **paid,
        }

    def on_trade_close(self, fields: dict[str, Any]) -> dict[str, Any]:
        trade = self._trade(fields["out_trade_no"])
        if trade.status != "WAIT_BUYER_PAY":
            raise No("ACQ.TRADE_STATUS_ERROR")
        trade.status = "TRADE_CLOSED"
        return {"trade_no": trade.number}

    def on_trade_refund(self, fields: dict[str, Any]) -> dict[str, Any]:
        trade, number = self._trade(fields["out_trade_no"]), fields["out_request_no"]
        amount = fen(fields["refund_amount"])
        is_new = number not in trade.refunds
        if is_new and sum(trade.refunds.values()) + amount > fen(trade.total):
            raise No("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
        trade.refunds[number] = amount
        if sum(trade.refunds.values()) == fen(trade.total):
            trade.status = "TRADE_CLOSED"
        return {
            "trade_no": trade.number,
            "fund_change": "Y" if is_new else "N",
            "refund_fee": yuan(sum(trade.refunds.values())),
        }

    def on_trade_fastpay_refund_query(self, fields: dict[str, Any]) -> dict[str, Any]:
        trade = self._trade(fields["out_trade_no"])
        if fields["out_request_no"] not in trade.refunds:
            return {}
        amount = yuan(trade.refunds[fields["out_request_no"]])
        status = {"refund_status": "REFUND_SUCCESS", "gmt_refund_pay": HERE}
        return {"trade_no": trade.number, "refund_amount": amount, **status}

    def on_trade_order_settle(self, fields: dict[str, Any]) -> dict[str, Any]:
        lines = [
            {**line, "operation_type": "transfer", "state": "SUCCESS", "execute_dt": HERE}
            for line in fields.get("royalty_parameters", [])
        ]
        self.shares[fields["trade_no"], fields["out_request_no"]] = {"royalty_detail_list": lines}
        return {"trade_no": fields["trade_no"], "settle_no": "S" + fields["out_request_no"]}

    def on_trade_order_settle_query(self, fields: dict[str, Any]) -> dict[str, Any]:
        found = self.shares.get((fields["trade_no"], fields["out_request_no"]))
        if found is None:
            raise No("ACQ.TRADE_NOT_EXIST")
        return found

    def on_fund_auth_order_freeze(self, fields: dict[str, Any]) -> dict[str, Any]:
        held = self._hold(fields, "AUTHORIZED")
        return {"auth_no": held.number, "status": "SUCCESS", "amount": fields["amount"]}

    def on_fund_auth_order_voucher_create(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._hold(fields, "INIT")
        return {"code_type": "qr_code", "code_value": "https://qr.example/auth"}

    def on_fund_auth_operation_detail_query(self, fields: dict[str, Any]) -> dict[str, Any]:
        held = self.frozen.get(fields["out_order_no"])
        if held is None:
            raise No("AUTH_ORDER_NOT_EXIST")
        return {
            "auth_no": held.number,
            "order_title": held.title,
            "order_status": held.status,
            "status": "SUCCESS",
            "total_freeze_amount": yuan(held.amount),
            "rest_amount": yuan(held.rest),
            "total_pay_amount": yuan(held.taken),
            "payer_user_id": "2088000000000009",
        }

    def on_fund_auth_operation_cancel(self, fields: dict[str, Any]) -> dict[str, Any]:
        self.frozen[fields["out_order_no"]].status = "CLOSED"
        return {}

    def on_fund_auth_order_unfreeze(self, fields: dict[str, Any]) -> dict[str, Any]:
        held = next(one for one in self.frozen.values() if one.number == fields["auth_no"])
        assert fen(fields["amount"]) == held.rest
        held.rest, held.status = 0, "FINISH"
        return {"status": "SUCCESS"}

    def on_fund_trans_uni_transfer(self, fields: dict[str, Any]) -> dict[str, Any]:
        self.transfers[fields["out_biz_no"]] = {
            "order_id": "O" + fields["out_biz_no"],
            "status": "SUCCESS",
            "trans_date": HERE,
            "trans_amount": fields["trans_amount"],
        }
        return self.transfers[fields["out_biz_no"]]

    def on_fund_trans_common_query(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["out_biz_no"] not in self.transfers:
            raise No("ORDER_NOT_EXIST")
        return self.transfers[fields["out_biz_no"]]

    def on_data_dataservice_bill_downloadurl_query(self, _: dict[str, Any]) -> dict[str, Any]:
        if not self.bill:
            raise No("isp.bill_not_exist")
        return {"bill_download_url": f"{self.url}/bills/1?sign=a%2Bb"}

    def _hold(self, fields: dict[str, Any], status: str) -> Frozen:
        amount = fen(fields["amount"])
        held = Frozen(
            "A" + fields["out_order_no"], fields["order_title"], amount, status, rest=amount
        )
        self.frozen[fields["out_order_no"]] = held
        return held

    def _trade(self, reference: str) -> Trade:
        if reference not in self.trades:
            raise No("ACQ.TRADE_NOT_EXIST")
        return self.trades[reference]

    def _look_at_open(self, reference: str) -> None:
        trade = self.trades.get(reference)
        if trade and trade.status != "WAIT_BUYER_PAY":
            raise No("ACQ.TRADE_HAS_SUCCESS")


def signed_answer(name: str, written: str, *, key: str = "alipay", certificate: str = "") -> bytes:
    """An answer as it goes over the line."""
    sign = rsa2(written, key_of(key))
    number = f',"alipay_cert_sn":"{certificate}"' if certificate else ""
    return f'{{"{name}":{written}{number},"sign":"{sign}"}}'.encode()


def told(fields: dict[str, str], *, key: str = "alipay", sign_type: str = "RSA2") -> bytes:
    """A notice as it goes over the line: signed over the values, then written as a form."""
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    whole = {**fields, "sign": rsa2(text, key_of(key)), "sign_type": sign_type}
    return "&".join(f"{name}={quote_plus(value)}" for name, value in whole.items()).encode()


def packed(lines: str) -> bytes:
    """A statement as it is kept: two files with Chinese names, in GBK."""
    packing = io.BytesIO()
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in (("1_业务明细(汇总).csv", "汇总" * 200), ("1_业务明细.csv", lines)):
            folder.writestr(_NamedInGbk(name), text.encode("gbk"))
    return packing.getvalue()


class _NamedInGbk(zipfile.ZipInfo):
    """A file whose name carries no mark that says in what it is written."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (as the library calls it)
        return self.filename.encode("gbk"), self.flag_bits


@contextmanager
def alipay_listening() -> Iterator[AlipaySide]:
    """A side that answers until the block ends."""
    side = AlipaySide()
    with listening(side.answer) as url:
        side.url = url
        yield side


def in_minutes(minutes: int) -> datetime:
    """So long after now."""
    return NOW + timedelta(minutes=minutes)
