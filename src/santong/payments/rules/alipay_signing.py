"""Alipay's signatures: what is signed, and which part of an answer its signature covers."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Final, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from santong.payments.rules.said_by_providers import Said, document_of

SIGN_TYPE: Final = "RSA2"
_BLANK: Final = " \t\r\n"


def signed(*, text: str, key: RSAPrivateKey) -> str:
    """The signature of a text: RSA with SHA-256, in base64."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def is_signed(*, text: str, signature: str, key: RSAPublicKey) -> bool:
    """Whether this is Alipay's signature of the text. SHA-256 only, whatever the signature says."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def notice_text(*, fields: Mapping[str, str]) -> str:
    """What is signed of a notice: every field but the signature and its type, in order."""
    return "&".join(
        f"{name}={fields[name]}" for name in sorted(fields) if name not in {"sign", "sign_type"}
    )


def members_of(*, text: str) -> dict[str, str]:
    """The members of a JSON object as they are written, by name. Raises ValueError.

    The signature of an answer covers one of them letter by letter, so it is not read and written
    anew. A name that comes twice is refused: two readers might take one each.
    """
    document_of(text=text)
    decoder = json.JSONDecoder()
    found: dict[str, str] = {}
    at = _past(text, _past(text, 0, ""), "{")
    while text[at] != "}":
        name, at = cast("tuple[object, int]", decoder.raw_decode(text, at))
        starts = _past(text, _past(text, at, ""), ":")
        _, ends = cast("tuple[object, int]", decoder.raw_decode(text, starts))
        if not isinstance(name, str) or name in found:
            raise ValueError("names")
        found[name] = text[starts:ends]
        at = _past(text, ends, "")
        if text[at] == ",":
            at = _past(text, at, ",")
    return found


def answer_of(*, text: str, method: str) -> tuple[Said, str, str, str]:
    """An answer, as it is written, with its signature and the number of the key's certificate.

    Raises ValueError where it is none.
    """
    members = members_of(text=text)
    written = members.get(method.replace(".", "_") + "_response") or members.get("error_response")
    if written is None:
        raise ValueError("no answer")
    whole = document_of(text=text)
    sign, number = whole.get("sign", ""), whole.get("alipay_cert_sn", "")
    if isinstance(sign, str) and isinstance(number, str):
        return document_of(text=written), written, sign, number
    raise ValueError("no signature")


def _past(text: str, at: int, sign: str) -> int:
    """Where something begins again after a sign and blanks."""
    if not text.startswith(sign, at):
        raise ValueError(sign)
    at += len(sign)
    while text[at : at + 1] and text[at] in _BLANK:
        at += 1
    return at
