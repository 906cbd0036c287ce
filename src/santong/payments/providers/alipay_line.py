"""Speaking to Alipay. The only module that knows its library.

The library writes requests and the text that is signed. Its client is not used: it takes the
machine's clock for China's, calls port 443 whatever the address says, reads one kind of key file
only, believes a signature made with any digest, fails while it reports a failure, and quotes whole
answers in what it raises. So signatures are made and looked at here, and the line is our own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlencode

from alipay.aop.api.util.SignatureUtils import get_sign_content

from santong.payments.contracts.providers import Access, Refused, Unreachable
from santong.payments.providers.line import told
from santong.payments.rules.alipay_certificates import certificate_number, root_number
from santong.payments.rules.alipay_signing import SIGN_TYPE, answer_of, is_signed, signed
from santong.payments.rules.provider_settings import ALIPAY_URL, entered_key_of, public_key_of
from santong.payments.rules.said_by_alipay import DONE, UNDER_WAY, is_unsure
from santong.payments.rules.said_by_providers import CHINA, Said, word

_FORM: Final = {
    "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
    "Accept": "application/json",
    "User-Agent": "santong",
}


def ask(
    *, access: Access, method: str, fields: Mapping[str, object], now: datetime, told_at: str = ""
) -> Said:
    """What Alipay answers to a call, its signature looked at.

    Raises Unreachable where it is not known what became of it, Refused where nothing was done.
    """
    body = signed_fields(
        access=access, method=method, fields=fields, now=now, told_at=told_at, return_url=""
    )
    answer = told(method="POST", url=address(access=access), headers=_FORM, body=body.encode())
    if answer.status != HTTPStatus.OK:
        raise Unreachable(f"http_{answer.status}")
    try:
        said, written, sign, number = answer_of(text=answer.body.decode(), method=method)
    except ValueError:
        raise Unreachable("answer_not_readable") from None
    code, sub_code = word(said, "code"), word(said, "sub_code")
    is_good = code in {DONE, UNDER_WAY}
    # What the gate itself refuses, such as an unknown application, it cannot always sign.
    if sign or is_good or not sub_code.startswith(("isv.", "isp.", "aop.")):
        _look_at(access, written, sign, number)
    if is_good:
        return said
    if is_unsure(code=code, sub_code=sub_code):
        raise Unreachable(sub_code or code)
    raise Refused(sub_code or code or "no_code")


def signed_fields(
    *,
    access: Access,
    method: str,
    fields: Mapping[str, object],
    now: datetime,
    told_at: str,
    return_url: str,
) -> str:
    """A signed call as a form: a body, the end of an address, or what an app hands over."""
    request = _request(method, fields)
    request.notify_url, request.return_url = told_at or None, return_url or None
    params: dict[str, str] = request.get_params()
    # The library drops what it does not know.
    assert json.loads(params["biz_content"]) == dict(fields), "a field that Alipay does not have"
    params |= {
        "app_id": access.settings.get("app_id", ""),
        "charset": "utf-8",
        "format": "json",
        "sign_type": SIGN_TYPE,
        "timestamp": now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
    }
    try:
        params |= _certificate_numbers(access)
        key = entered_key_of(pem=access.secrets.get("private_key", ""))
    except ValueError:
        raise Refused("settings_not_complete") from None
    params["sign"] = signed(text=get_sign_content(params), key=key)
    return urlencode(params)


def address(*, access: Access) -> str:
    """Where Alipay listens."""
    return access.settings.get("base_url") or ALIPAY_URL


def is_by_alipay(*, access: Access, text: str, signature: str) -> bool:
    """Whether Alipay has signed this text. Raises Refused where its key is not there."""
    pem = access.secrets.get("alipay_certificate") or access.secrets.get("alipay_public_key", "")
    try:
        key = public_key_of(pem=pem)
    except ValueError:
        raise Refused("settings_not_complete") from None
    return is_signed(text=text, signature=signature, key=key)


def _request(method: str, fields: Mapping[str, object]) -> Any:
    name = "".join(each.capitalize() for each in method.split(".")) + "Request"
    request = getattr(import_module(f"alipay.aop.api.request.{name}"), name)()
    request.biz_content = dict(fields)
    return request


def _certificate_numbers(access: Access) -> dict[str, str]:
    """Who has certificates names them; payouts are made for nobody else."""
    own, root = (
        access.secrets.get("app_certificate"),
        access.secrets.get("alipay_root_certificate"),
    )
    if not own or not root:
        return {}
    return {
        "app_cert_sn": certificate_number(pem=own),
        "alipay_root_cert_sn": root_number(pem=root),
    }


def _look_at(access: Access, written: str, sign: str, number: str) -> None:
    certificate = access.secrets.get("alipay_certificate")
    if number and certificate and certificate_number(pem=certificate) != number:
        raise Unreachable("another_certificate")
    if not is_by_alipay(access=access, text=written, signature=sign):
        raise Unreachable("signature_not_good")
