"""What an account is told is looked at field by field, before anybody is called."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from santong.payments.rules.provider_settings import (
    SETTINGS_BY_PROVIDER,
    pairs_of,
    problems_of_settings,
    settings_of,
)
from santong.payments.tests.providers.keys import certificate_pem, private_pem, public_pem

ALIPAY_SETTINGS = {"app_id": "2021000000000001"}
WECHAT_SETTINGS = {
    "mchid": "1900000001",
    "appid": "wx0000000000000001",
    "certificate_serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
    "platform_key_id": "PUB_KEY_ID_0000000000000000000000000000000001",
}


def alipay_secrets() -> dict[str, str]:
    return {"private_key": private_pem("shop"), "alipay_public_key": public_pem("alipay")}


def wechat_secrets() -> dict[str, str]:
    return {
        "private_key": private_pem("shop"),
        "platform_key": public_pem("wechat"),
        "api_v3_key": "a" * 32,
    }


def problems(
    provider: str, settings: dict[str, str], secrets: dict[str, str]
) -> list[tuple[str, str]]:
    found = problems_of_settings(provider=provider, settings=settings, secrets=secrets)
    return [(each.name, each.reason) for each in found]


def test_what_is_complete_has_no_problem() -> None:
    assert problems("alipay", ALIPAY_SETTINGS, alipay_secrets()) == []
    assert problems("wechat_pay", WECHAT_SETTINGS, wechat_secrets()) == []


def test_a_key_may_be_of_either_kind_and_a_certificate_stands_for_its_key() -> None:
    older = private_pem("shop", kind=PrivateFormat.TraditionalOpenSSL)
    wechat = {**wechat_secrets(), "platform_key": certificate_pem("wechat"), "private_key": older}

    assert problems("wechat_pay", WECHAT_SETTINGS, wechat) == []


def test_what_is_needed_is_named() -> None:
    assert problems("alipay", {}, {}) == [
        ("app_id", "missing"),
        ("private_key", "missing"),
        ("alipay_public_key", "missing"),
    ]
    assert problems("wechat_pay", {}, {}) == [
        ("mchid", "missing"),
        ("appid", "missing"),
        ("certificate_serial", "missing"),
        ("platform_key_id", "missing"),
        ("private_key", "missing"),
        ("platform_key", "missing"),
        ("api_v3_key", "missing"),
    ]


def test_certificates_come_together_or_not_at_all() -> None:
    own = {"private_key": private_pem("shop"), "app_certificate": certificate_pem("shop")}
    all_of_them = {
        **own,
        "alipay_certificate": certificate_pem("alipay"),
        "alipay_root_certificate": certificate_pem("root"),
    }

    assert problems("alipay", ALIPAY_SETTINGS, own) == [
        ("alipay_certificate", "missing"),
        ("alipay_root_certificate", "missing"),
    ]
    assert problems("alipay", ALIPAY_SETTINGS, all_of_them) == []


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("app_id", "20x", "not_a_digits"),
        ("app_id", "\uff12\uff10", "not_a_digits"),
        ("app_id", "2" * 600, "too_long"),
        ("page", "tablet", "not_a_choice"),
        ("base_url", "http://openapi.alipay.com/gateway.do", "not_a_url"),
        ("base_url", "https://openapi.alipay.com/gateway.do?a=b", "not_a_url"),
        ("base_url", "https://user@openapi.alipay.com/", "not_a_url"),
        ("base_url", "ftp://openapi.alipay.com/", "not_a_url"),
        ("authorise_product", "PRE\x00AUTH", "not_a_text"),
        ("colour", "blue", "unknown"),
        ("private_key", "x", "unknown"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str, reason: str) -> None:
    found = problems("alipay", {**ALIPAY_SETTINGS, name: value}, alipay_secrets())

    assert found == [(name, reason)]


@pytest.mark.parametrize(
    "url",
    ["https://openapi-sandbox.dl.alipaydev.com/gateway.do", "http://127.0.0.1:8080/gateway.do"],
)
def test_a_sandbox_may_be_named(url: str) -> None:
    assert problems("alipay", {**ALIPAY_SETTINGS, "base_url": url}, alipay_secrets()) == []


def test_keys_that_are_none_of_theirs_are_named() -> None:
    curve = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    short = rsa_key(public_exponent=65_537, key_size=1_024).private_bytes(  # noqa: S505  (what is refused)
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for value in ("MIIEvQ", curve.decode(), short.decode(), public_pem("shop"), "\ud800"):
        found = problems("alipay", ALIPAY_SETTINGS, {**alipay_secrets(), "private_key": value})

        assert found == [("private_key", "not_a_private_key")]


@pytest.mark.parametrize("key", ["a" * 31, "a" * 33, "a" * 31 + "-", "é" * 32])
def test_the_key_that_opens_notices_has_32_letters_and_digits(key: str) -> None:
    found = problems("wechat_pay", WECHAT_SETTINGS, {**wechat_secrets(), "api_v3_key": key})

    assert found == [("api_v3_key", "not_a_key_of_32")]


def test_what_a_transfer_reports_is_pairs() -> None:
    given = {**WECHAT_SETTINGS, "transfer_report": "岗位类型=店员;报酬说明=提成"}
    broken = {**WECHAT_SETTINGS, "transfer_report": "岗位类型"}

    assert pairs_of(text=given["transfer_report"]) == [("岗位类型", "店员"), ("报酬说明", "提成")]
    assert pairs_of(text="") == []
    assert problems("wechat_pay", given, wechat_secrets()) == []
    assert problems("wechat_pay", broken, wechat_secrets()) == [("transfer_report", "not_a_pairs")]


def test_no_secret_is_among_the_settings_and_each_field_is_named_once() -> None:
    for provider in SETTINGS_BY_PROVIDER:
        names = [field.name for field in settings_of(provider=provider)]

        assert len(set(names)) == len(names)
        assert "private_key" in {
            field.name for field in settings_of(provider=provider) if field.is_secret
        }


def test_a_provider_that_names_nothing_here_looks_for_itself() -> None:
    assert problems("cash", {"anything": "at all"}, {}) == []
