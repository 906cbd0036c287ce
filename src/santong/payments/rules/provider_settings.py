"""Which settings and secrets each provider needs, and what is wrong with those given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from santong.payments.contracts.provider_settings import Setting, SettingKind, SettingProblem
from santong.payments.rules.alipay_certificates import root_number

LONGEST_SETTING: Final = 512
LONGEST_SECRET: Final = 32_768
FEWEST_KEY_BITS: Final = 2_048

ALIPAY_URL: Final = "https://openapi.alipay.com/gateway.do"
WECHAT_PAY_URL: Final = "https://api.mch.weixin.qq.com"

ALIPAY: Final = (
    Setting(name="app_id", kind="digits", is_required=True),
    Setting(name="seller_id", kind="digits"),
    Setting(name="page", kind="choice", choices=("phone", "desktop"), default="phone"),
    Setting(name="shares", kind="choice", choices=("no", "yes"), default="no"),
    Setting(name="authorise", kind="choice", choices=("no", "yes"), default="no"),
    Setting(name="authorise_product", kind="text", default="PREAUTH_PAY"),
    Setting(name="base_url", kind="url", default=ALIPAY_URL),
    Setting(name="private_key", kind="private_key", is_secret=True, is_required=True),
    Setting(name="alipay_public_key", kind="public_key", is_secret=True),
    Setting(name="app_certificate", kind="certificate", is_secret=True),
    Setting(name="alipay_certificate", kind="certificate", is_secret=True),
    Setting(name="alipay_root_certificate", kind="certificates", is_secret=True),
)
WECHAT_PAY: Final = (
    Setting(name="mchid", kind="digits", is_required=True),
    Setting(name="appid", kind="text", is_required=True),
    Setting(name="certificate_serial", kind="text", is_required=True),
    Setting(name="platform_key_id", kind="text", is_required=True),
    Setting(name="shares", kind="choice", choices=("no", "yes"), default="no"),
    Setting(name="store_id", kind="text"),
    Setting(name="transfer_scene_id", kind="digits"),
    Setting(name="transfer_report", kind="pairs"),
    Setting(name="base_url", kind="url", default=WECHAT_PAY_URL),
    Setting(name="private_key", kind="private_key", is_secret=True, is_required=True),
    Setting(name="platform_key", kind="public_key", is_secret=True, is_required=True),
    Setting(name="api_v3_key", kind="key_of_32", is_secret=True, is_required=True),
)
SETTINGS_BY_PROVIDER: Final[Mapping[str, tuple[Setting, ...]]] = {
    "alipay": ALIPAY,
    "wechat_pay": WECHAT_PAY,
}

# Whoever pays out has certificates; one of the three is worth nothing without the others.
_CERTIFICATES: Final = ("app_certificate", "alipay_certificate", "alipay_root_certificate")
_URL: Final = re.compile(
    r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
    r"|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?",
    re.ASCII,
)


def settings_of(*, provider: str) -> tuple[Setting, ...]:
    """The fields of an account at a provider, in the order of its form."""
    return SETTINGS_BY_PROVIDER.get(provider, ())


def problems_of_settings(
    *, provider: str, settings: Mapping[str, str], secrets: Mapping[str, str]
) -> list[SettingProblem]:
    """What has to be put right before the account can be used, field by field.

    A provider that names no settings here looks at its own.
    """
    fields = settings_of(provider=provider)
    if not fields:
        return []
    found: list[SettingProblem] = []
    for given, is_secret in ((settings, False), (secrets, True)):
        names = {field.name for field in fields if field.is_secret == is_secret}
        found += [
            SettingProblem(name=name, reason="unknown", is_secret=is_secret)
            for name in sorted(given.keys() - names)
        ]
    for field in fields:
        value = (secrets if field.is_secret else settings).get(field.name, "")
        reason = _problem(field, value)
        if reason:
            found.append(SettingProblem(name=field.name, reason=reason, is_secret=field.is_secret))
    if provider == "alipay":
        found += _certificates_problems(secrets)
    return found


def pairs_of(*, text: str) -> list[tuple[str, str]]:
    """`岗位类型=店员;报酬说明=提成` as pairs. Raises ValueError."""
    pairs: list[tuple[str, str]] = []
    for each in text.split(";") if text else []:
        name, sign, value = each.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise ValueError(text)
        pairs.append((name.strip(), value.strip()))
    return pairs


def public_key_of(*, pem: str) -> RSAPublicKey:
    """The key of a PEM, which may be a certificate. Raises ValueError."""
    is_certificate = "BEGIN CERTIFICATE" in pem
    key = (
        x509.load_pem_x509_certificate(pem.encode()).public_key()
        if is_certificate
        else load_pem_public_key(pem.encode())
    )
    if isinstance(key, RSAPublicKey):
        return key
    raise ValueError("not RSA")


def private_key_of(*, pem: str) -> RSAPrivateKey:
    """The key of a PEM, PKCS#1 or PKCS#8, without a password. Raises ValueError."""
    key = load_pem_private_key(pem.encode(), password=None)
    if isinstance(key, RSAPrivateKey):
        return key
    raise ValueError("not RSA")


def entered_key_of(*, pem: str) -> RSAPrivateKey:
    """The key of a PEM that was looked at when it was entered. Raises ValueError.

    To look at a key takes a hundred times as long as to sign with it.
    """
    key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, RSAPrivateKey):
        return key
    raise ValueError("not RSA")


def _problem(field: Setting, value: str) -> str:
    if not value:
        return "missing" if field.is_required else ""
    if len(value) > (LONGEST_SECRET if field.is_secret else LONGEST_SETTING):
        return "too_long"
    if field.kind == "choice":
        return "" if value in field.choices else "not_a_choice"
    try:
        is_good = _LOOK_BY_KIND[field.kind](value)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        is_good = False
    return "" if is_good else f"not_a_{field.kind}"


def _certificates_problems(secrets: Mapping[str, str]) -> list[SettingProblem]:
    missing = [name for name in _CERTIFICATES if not secrets.get(name)]
    if len(missing) == len(_CERTIFICATES):
        if secrets.get("alipay_public_key"):
            return []
        missing = ["alipay_public_key"]
    return [SettingProblem(name=name, reason="missing", is_secret=True) for name in missing]


def _is_text(value: str) -> bool:
    return value.isprintable() and value == value.strip()


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _is_url(value: str) -> bool:
    return _URL.fullmatch(value) is not None


def _is_pairs(value: str) -> bool:
    return value.isprintable() and bool(pairs_of(text=value))


def _is_private_key(value: str) -> bool:
    return private_key_of(pem=value).key_size >= FEWEST_KEY_BITS


def _is_public_key(value: str) -> bool:
    return public_key_of(pem=value).key_size >= FEWEST_KEY_BITS


def _is_certificate(value: str) -> bool:
    return "BEGIN CERTIFICATE" in value and _is_public_key(value)


def _is_certificates(value: str) -> bool:
    return bool(root_number(pem=value))


def _is_key_of_32(value: str) -> bool:
    return value.isascii() and value.isalnum() and len(value) == 32  # noqa: PLR2004 (by its name)


_LOOK_BY_KIND: Final[Mapping[SettingKind, Callable[[str], bool]]] = {
    "text": _is_text,
    "digits": _is_digits,
    "url": _is_url,
    "pairs": _is_pairs,
    "private_key": _is_private_key,
    "public_key": _is_public_key,
    "certificate": _is_certificate,
    "certificates": _is_certificates,
    "key_of_32": _is_key_of_32,
}
