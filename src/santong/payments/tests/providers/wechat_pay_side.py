"""WeChat Pay's side of its protocol, written after its documents and not after our adapter.

It looks at our signatures by itself, keeps payments, refunds, shares and transfers, and signs what
it answers and tells.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from santong.payments.contracts.providers import Access
from santong.payments.tests.providers.keys import key_of, private_pem, public_pem
from santong.payments.tests.providers.listening import Call, Says, listening

MCHID = "1900000001"
APPID = "wx0000000000000001"
SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
KEY_ID = "PUB_KEY_ID_0000000000000000000000000000000001"
API_V3_KEY = "0123456789abcdefABCDEF0123456789"
NOW = datetime(2026, 11, 22, 7, 4, 5, tzinfo=UTC)
HERE = "2026-11-22T15:04:05+08:00"
NOTIFY_URL = "https://shop.example/notices/wechat-pay"

_AUTHORIZATION = re.compile(
    r'WECHATPAY2-SHA256-RSA2048 mchid="(?P<mchid>[^"]+)",nonce_str="(?P<nonce>[^"]+)",'
    r'signature="(?P<signature>[^"]+)",timestamp="(?P<stamp>\d+)",serial_no="(?P<serial>[^"]+)"'
)


class No(Exception):
    """A refusal: its status and its word."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status, self.code = status, code


def signature_headers(
    body: bytes, *, key: str = "wechat", stamp: int | None = None, serial: str = KEY_ID
) -> dict[str, str]:
    """What stands in front of what it says, as the documents describe it."""
    time, nonce = str(int(NOW.timestamp()) if stamp is None else stamp), "c5ac7061fccab6bf"
    text = f"{time}\n{nonce}\n".encode() + body + b"\n"
    raw = key_of(key).sign(text, padding.PKCS1v15(), SHA256())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Wechatpay-Timestamp": time,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature": base64.b64encode(raw).decode(),
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def sealed(content: dict[str, Any], *, key: str = API_V3_KEY) -> dict[str, str]:
    """What is sealed into a notice."""
    nonce, bound = "fdasfjihihih", "transaction"
    raw = AESGCM(key.encode()).encrypt(
        nonce.encode(), json.dumps(content, ensure_ascii=False).encode(), bound.encode()
    )
    return {
        "original_type": bound,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(raw).decode(),
        "associated_data": bound,
        "nonce": nonce,
    }


def notice(kind: str, content: dict[str, Any], *, number: str = "EV-1") -> bytes:
    """A notice as it goes over the line."""
    return json.dumps(
        {
            "id": number,
            "create_time": HERE,
            "resource_type": "encrypt-resource",
            "event_type": kind,
            "summary": "支付成功",
            "resource": sealed(content),
        },
        ensure_ascii=False,
    ).encode()


@dataclass
class WechatPaySide:
    """Everything it remembers. `moods` are what it does with the next calls, by turns."""

    url: str = ""
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    shares: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    bill: bytes = b""
    moods: list[Callable[[bytes], Says]] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: NOW

    def access(self, **settings: str) -> Access:
        """How our side reaches it."""
        return Access(
            merchant_id=1,
            account_code="wechat",
            currency="CNY",
            settings={
                "mchid": MCHID,
                "appid": APPID,
                "certificate_serial": SERIAL,
                "platform_key_id": KEY_ID,
                "base_url": self.url,
                "transfer_scene_id": "1005",
                "transfer_report": "岗位类型=店员;报酬说明=提成",
                **settings,
            },
            secrets={
                "private_key": private_pem("shop"),
                "platform_key": public_pem("wechat"),
                "api_v3_key": API_V3_KEY,
            },
            notify_url=NOTIFY_URL,
        )

    def answer(self, call: Call) -> Says:
        """Any call."""
        if not self.is_ours(call):
            return Says(status=401, body=b'{"code":"SIGN_ERROR","message":"no"}')
        parts = urlsplit(call.path)
        fields = json.loads(call.body) if call.body else {}
        self.heard.append((call.method, call.path, fields))
        if parts.path == "/v3/billdownload/file":
            return Says(body=gzip.compress(self.bill))
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            said = self._said(call.method, parts.path, {**asked, **fields})
            status = 200 if said else 204
        except No as no:
            status, said = no.status, {"code": no.code, "message": "no"}
        body = json.dumps(said, ensure_ascii=False).encode() if said else b""
        if self.moods:
            return self.moods.pop(0)(body)
        stamp = int(self.clock().timestamp())
        return Says(status=status, body=body, headers=signature_headers(body, stamp=stamp))

    def is_ours(self, call: Call) -> bool:
        """Whether we have signed a call, looked at as the documents say."""
        found = _AUTHORIZATION.fullmatch(call.headers.get("authorization", ""))
        if found is None or (found["mchid"], found["serial"]) != (MCHID, SERIAL):
            return False
        if call.headers.get("wechatpay-serial") != KEY_ID:
            return False
        lines = [call.method, call.path, found["stamp"], found["nonce"], call.body.decode(), ""]
        try:
            key_of("shop").public_key().verify(
                base64.b64decode(found["signature"]),
                "\n".join(lines).encode(),
                padding.PKCS1v15(),
                SHA256(),
            )
        except InvalidSignature:
            return False
        return True

    def pay(self, reference: str) -> None:
        """A buyer pays what was shown."""
        paid = {"trade_state": "SUCCESS", "success_time": HERE, "payer": {"openid": "o-1"}}
        self.payments[reference] |= paid

    def content(self, reference: str, **more: Any) -> dict[str, Any]:
        """What a notice tells of a payment."""
        return {"mchid": MCHID, "appid": APPID, **self.payments[reference], **more}

    def _said(self, method: str, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        verbs: list[tuple[str, Callable[..., dict[str, Any]]]] = [
            (r"POST /v3/pay/transactions/(native|h5|jsapi|codepay)", self._paid_by),
            (r"GET /v3/pay/transactions/out-trade-no/([^/]+)", self._payment),
            (r"POST /v3/pay/transactions/out-trade-no/([^/]+)/(close|reverse)", self._called_off),
            (r"POST /v3/refund/domestic/refunds", self._give_back),
            (r"GET /v3/refund/domestic/refunds/([^/]+)", self._given_back),
            (r"POST /v3/profitsharing/orders", self._share),
            (r"POST /v3/profitsharing/orders/unfreeze", self._share),
            (r"GET /v3/profitsharing/orders/([^/]+)", self._shared),
            (r"POST /v3/fund-app/mch-transfer/transfer-bills", self._transfer),
            (r"GET /v3/fund-app/mch-transfer/transfer-bills/out-bill-no/([^/]+)", self._given),
            (r"GET /v3/bill/tradebill", self._bill),
        ]
        for pattern, verb in verbs:
            found = re.fullmatch(pattern, f"{method} {path}")
            if found:
                return verb(fields, *found.groups())
        raise AssertionError(path)

    def _paid_by(self, fields: dict[str, Any], way: str) -> dict[str, Any]:
        reference, total = fields["out_trade_no"], fields["amount"]["total"]
        known = self.payments.get(reference)
        if known and known["trade_state"] == "SUCCESS":
            raise No(400, "ORDERPAID")
        self.payments[reference] = {
            "out_trade_no": reference,
            "transaction_id": f"42{reference}",
            "trade_type": way.upper(),
            "trade_state": "NOTPAY",
            "amount": {"total": total, "payer_total": total, "currency": "CNY"},
        }
        if way == "codepay":
            if fields["payer"]["auth_code"] == "131111111111111111":
                self.payments[reference]["trade_state"] = "USERPAYING"
                raise No(400, "USERPAYING")
            self.pay(reference)
            return self.payments[reference]
        assert fields["notify_url"].startswith("https://shop.example/")
        return {
            "native": {"code_url": "weixin://wxpay/bizpayurl?pr=1"},
            "h5": {"h5_url": "https://wx.example/checkmweb?prepay_id=wx1&package=2"},
            "jsapi": {"prepay_id": f"wx{reference}"},
        }[way]

    def _payment(self, fields: dict[str, Any], reference: str) -> dict[str, Any]:
        assert fields["mchid"] == MCHID
        if reference not in self.payments:
            raise No(404, "ORDER_NOT_EXIST")
        return self.payments[reference]

    def _called_off(self, fields: dict[str, Any], reference: str, how: str) -> dict[str, Any]:
        payment = self._payment(fields, reference)
        assert (how == "reverse") == (payment["trade_type"] == "CODEPAY")
        payment["trade_state"] = "REVOKED" if how == "reverse" else "CLOSED"
        return payment if how == "reverse" else {}

    def _give_back(self, fields: dict[str, Any]) -> dict[str, Any]:
        reference, amount = fields["out_refund_no"], fields["amount"]
        payment = self.payments[fields["out_trade_no"]]
        others = [one["amount"]["refund"] for key, one in self.refunds.items() if key != reference]
        if payment["amount"]["total"] != amount["total"]:
            raise No(400, "PARAM_ERROR")
        if sum(others) + amount["refund"] > amount["total"]:
            raise No(400, "INVALID_REQUEST")
        payment["trade_state"] = "REFUND"
        self.refunds.setdefault(
            reference,
            {
                "refund_id": f"50{reference}",
                "out_refund_no": reference,
                "status": "PROCESSING",
                "amount": {**amount, "payer_refund": amount["refund"]},
            },
        )
        return self.refunds[reference]

    def _given_back(self, _: dict[str, Any], reference: str) -> dict[str, Any]:
        if reference not in self.refunds:
            raise No(404, "RESOURCE_NOT_EXISTS")
        return self.refunds[reference]

    def _share(self, fields: dict[str, Any]) -> dict[str, Any]:
        receivers = [
            {**one, "result": "PENDING", "detail_id": "d"} for one in fields.get("receivers", [])
        ]
        if fields.get("unfreeze_unsplit") or not receivers:
            own = {"type": "MERCHANT_ID", "account": MCHID, "amount": 7, "result": "PENDING"}
            receivers.append(own)
        order = {"order_id": "30" + fields["out_order_no"], "state": "PROCESSING"}
        self.shares[fields["transaction_id"], fields["out_order_no"]] = {
            **order,
            "receivers": receivers,
        }
        return {**order, "receivers": receivers}

    def carry_out_shares(self, result: str = "SUCCESS") -> None:
        """What was asked for is done."""
        for share in self.shares.values():
            share["state"] = "FINISHED"
            why = {"fail_reason": "ACCOUNT_ABNORMAL"} if result == "CLOSED" else {}
            share["receivers"] = [
                {**one, "result": result, "finish_time": HERE, **why} for one in share["receivers"]
            ]

    def _shared(self, fields: dict[str, Any], reference: str) -> dict[str, Any]:
        found = self.shares.get((fields["transaction_id"], reference))
        if found is None:
            raise No(404, "RESOURCE_NOT_EXISTS")
        return found

    def _transfer(self, fields: dict[str, Any]) -> dict[str, Any]:
        self.transfers[fields["out_bill_no"]] = {
            "out_bill_no": fields["out_bill_no"],
            "transfer_bill_no": "13" + fields["out_bill_no"],
            "state": "ACCEPTED",
            "create_time": HERE,
            "transfer_amount": fields["transfer_amount"],
        }
        known = self.transfers[fields["out_bill_no"]]
        return {name: known[name] for name in known if name != "transfer_amount"}

    def _given(self, _: dict[str, Any], reference: str) -> dict[str, Any]:
        if reference not in self.transfers:
            raise No(404, "NOT_FOUND")
        return self.transfers[reference]

    def _bill(self, fields: dict[str, Any]) -> dict[str, Any]:
        assert fields["tar_type"] == "GZIP"
        if not self.bill:
            raise No(400, "NO_STATEMENT_EXIST")
        return {
            "hash_type": "SHA1",
            "hash_value": hashlib.sha1(self.bill, usedforsecurity=False).hexdigest(),
            "download_url": f"{self.url}/v3/billdownload/file?token=a%2Bb",
        }


@contextmanager
def wechat_pay_listening() -> Iterator[WechatPaySide]:
    """A side that answers until the block ends."""
    side = WechatPaySide()
    with listening(side.answer) as url:
        side.url = url
        yield side
