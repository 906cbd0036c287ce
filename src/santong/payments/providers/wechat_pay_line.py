"""Speaking to WeChat Pay. The only module that knows its library.

The library knows addresses and fields, and how requests are signed. What carries them is replaced:
its own waits for ever, follows redirects, looks at no signature of a refusal, and fetches
certificates over the network whenever somebody names a serial number that it does not know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import aes_decrypt, build_authorization, rsa_verify

from santong.kernel.outbound import LARGEST_ANSWER
from santong.payments.contracts.providers import Access, Refused, Unreachable
from santong.payments.providers.line import FILE_WITHIN_SECONDS, LARGEST_FILE, WITHIN_SECONDS, told
from santong.payments.rules.provider_settings import WECHAT_PAY_URL, entered_key_of, public_key_of
from santong.payments.rules.said_by_providers import Said, document_of, word
from santong.payments.rules.said_by_wechat_pay import is_unsure

SIGNATURE_TYPE: Final = "WECHATPAY2-SHA256-RSA2048"
OLDEST_SECONDS: Final = 300
SCAN: Final = WeChatPayType.CODEPAY
QR: Final = WeChatPayType.NATIVE
PAGE: Final = WeChatPayType.H5
APP: Final = WeChatPayType.JSAPI

# What the library calls itself: no types of it are published.
Library = Any


def ask(*, access: Access, now: datetime, tell: Callable[[Library], tuple[int, bytes]]) -> Said:
    """What WeChat Pay answers to one call of the library, its signature looked at.

    Raises Unreachable where it is not known what became of it, Refused where nothing was done.
    """
    status, body = tell(library(access=access, now=now))
    if status == HTTPStatus.NO_CONTENT:
        return {}
    try:
        said = document_of(text=body.decode())
    except ValueError:
        raise Unreachable("answer_not_readable") from None
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return said
    code = word(said, "code")
    if is_unsure(status=status, code=code) or status < HTTPStatus.BAD_REQUEST or not code:
        raise Unreachable(code or f"http_{status}")
    raise Refused(code)


def library(*, access: Access, now: datetime) -> Library:
    """The library for one account. Raises Refused where its settings are not complete."""
    try:
        return _Library(access, now)
    except ValueError:
        raise Refused("settings_not_complete") from None


def address(*, access: Access) -> str:
    """Where WeChat Pay listens."""
    return (access.settings.get("base_url") or WECHAT_PAY_URL).rstrip("/")


def is_by_wechat_pay(
    *, access: Access, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether WeChat Pay has signed this, with the key that is entered, a short while ago.

    Raises Refused where the key is not there.
    """
    given = {name.lower(): value for name, value in headers.items()}
    stamp, nonce = given.get("wechatpay-timestamp", ""), given.get("wechatpay-nonce", "")
    if given.get("wechatpay-signature-type", SIGNATURE_TYPE) != SIGNATURE_TYPE:
        return False
    if not access.settings.get("platform_key_id") or (
        given.get("wechatpay-serial", "") != access.settings["platform_key_id"]
    ):
        return False
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= len("9999999999")):
        return False
    if abs(int(now.timestamp()) - int(stamp)) > OLDEST_SECONDS:
        return False
    try:
        key = public_key_of(pem=access.secrets.get("platform_key", ""))
    except ValueError:
        raise Refused("settings_not_complete") from None
    try:
        return bool(
            rsa_verify(stamp, nonce, body.decode(), given.get("wechatpay-signature", ""), key)
        )
    except ValueError:
        return False


def opened(*, access: Access, resource: Said) -> str:
    """What is sealed in a notice. Raises ValueError where it does not open with our key."""
    if word(resource, "algorithm") != "AEAD_AES_256_GCM":
        raise ValueError("algorithm")
    found = aes_decrypt(
        nonce=word(resource, "nonce"),
        ciphertext=word(resource, "ciphertext"),
        associated_data=word(resource, "associated_data"),
        apiv3_key=access.secrets.get("api_v3_key", ""),
    )
    if isinstance(found, str):
        return found
    raise ValueError("key")


class _Line(Core):  # type: ignore[misc]  # the library ships no types
    """What the library sends with, over the safe line."""

    def __init__(self, access: Access, now: datetime) -> None:
        settings, secrets = access.settings, access.secrets
        self._private_key = entered_key_of(pem=secrets.get("private_key", ""))
        self._public_key = public_key_of(pem=secrets.get("platform_key", ""))
        self._mchid, self._apiv3_key = settings.get("mchid", ""), secrets.get("api_v3_key", "")
        self._cert_serial_no = settings.get("certificate_serial", "")
        self._public_key_id = settings.get("platform_key_id", "")
        self._gate_way = address(access=access)
        self._access, self._now = access, now

    def request(
        self,
        path: str,
        method: Any = RequestType.GET,
        data: object = None,
        skip_verify: bool = False,  # noqa: FBT001, FBT002  (the library calls it so)
        **_: object,
    ) -> tuple[int, bytes]:
        if not path.startswith("/v3/"):
            raise Unreachable("address_elsewhere")
        body = "" if data is None else json.dumps(data)
        answer = told(
            method=method.value,
            url=self._gate_way + path,
            headers=self._headers(path, method.value, body),
            body=body.encode(),
            within_seconds=FILE_WITHIN_SECONDS if skip_verify else WITHIN_SECONDS,
            most_bytes=LARGEST_FILE if skip_verify else LARGEST_ANSWER,
        )
        # A gate in front of it refuses without a signature; whatever was done is signed.
        is_said = answer.status < HTTPStatus.BAD_REQUEST or "wechatpay-signature" in answer.headers
        if is_said and not skip_verify:
            is_good = is_by_wechat_pay(
                access=self._access, headers=answer.headers, body=answer.body, now=self._now
            )
            if not is_good:
                raise Unreachable("signature_not_good")
        return answer.status, answer.body

    def _headers(self, path: str, method: str, body: str) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Authorization": build_authorization(
                path, method, self._mchid, self._cert_serial_no, self._private_key, data=body
            ),
            "Content-Type": "application/json",
            "User-Agent": "santong",
            "Wechatpay-Serial": self._public_key_id,
        }


class _Library(WeChatPay):  # type: ignore[misc]  # the library ships no types
    """The library's calls for one account."""

    def __init__(self, access: Access, now: datetime) -> None:
        self._type = QR
        self._mchid = access.settings.get("mchid", "")
        self._appid = access.settings.get("appid", "")
        self._notify_url = access.notify_url
        self._partner_mode = False
        self._core = _Line(access, now)
