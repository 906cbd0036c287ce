"""Buyers and codes at rest: sealed, made anew from a key, or keyed hashes."""

from __future__ import annotations

import json
from dataclasses import asdict

from santong.customers import public as customers
from santong.kernel import crypto
from santong.stagedsales.contracts import Buyer
from santong.stagedsales.models import RedemptionCode, StagedSale
from santong.stagedsales.rules.codes import code_of

NOBODY = Buyer(name="", phone="")


def sealed_buyer(*, merchant_id: int, key: str, buyer: Buyer) -> bytes:
    """Who buys, as it is kept."""
    plain = json.dumps(asdict(buyer), ensure_ascii=False).encode()
    return crypto.encrypt(merchant_id=merchant_id, plain=plain, place=_buyer_place(key))


def opened_buyer(sale: StagedSale) -> Buyer:
    """Who buys, in clear text."""
    plain = crypto.decrypt(
        merchant_id=sale.merchant_id,
        sealed=bytes(sale.buyer_sealed),
        place=_buyer_place(sale.key),
    )
    return Buyer(**json.loads(plain))


def phone_index(*, merchant_id: int, phone: str) -> bytes | None:
    """By which sales of a telephone number are found."""
    known = customers.e164(phone=phone)
    if not known:
        return None
    return crypto.blind_index(merchant_id=merchant_id, value=known, purpose="stagedsales.phone")


def code_key(*, merchant_id: int) -> bytes:
    """What the last digits of codes are made with."""
    return crypto.blind_index(merchant_id=merchant_id, value="key", purpose="stagedsales.code_mac")


def code_by_salt(*, merchant_id: int, salt: bytes) -> str:
    """The number that a salt stands for: whoever has no key cannot make it."""
    entropy = crypto.blind_index(
        merchant_id=merchant_id, value=salt.hex(), purpose="stagedsales.code_number"
    )
    return code_of(entropy, key=code_key(merchant_id=merchant_id))


def number_of(code: RedemptionCode) -> str:
    """A code's number, for its buyer's eyes."""
    return code_by_salt(merchant_id=code.merchant_id, salt=bytes(code.salt))


def code_index(*, merchant_id: int, code: str) -> bytes:
    """By which a code is found by its number."""
    return crypto.blind_index(merchant_id=merchant_id, value=code, purpose="stagedsales.code")


def acceptance_code(*, merchant_id: int, sale_id: int, number: int) -> str:
    """Six digits that a buyer shows to a clerk: the work of this stage is accepted."""
    drawn = crypto.blind_index(
        merchant_id=merchant_id,
        value=f"{sale_id}:{number}",
        purpose="stagedsales.acceptance",
    )
    return f"{int.from_bytes(drawn) % 10**6:06}"


def _buyer_place(key: str) -> str:
    return f"stagedsales.buyer:{key}"
