"""A signature is explained as it is made, and what went wrong with another one is named."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, quote_plus

import pytest

from santong.kernel.signing import top_sign
from santong.portal.rules.signing.checking import Looked, looked_at
from santong.portal.rules.signing.pasted import taken_apart
from santong.portal.rules.signing.steps import signing_of

SECRET = "helloworld"
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
PARAMS = {
    "method": "taobao.item.seller.get",
    "app_key": "12345678",
    "session": "a-session-key",
    "timestamp": "2026-11-11 15:27:00",
    "format": "json",
    "v": "2.0",
    "sign_method": "md5",
    "fields": "num_iid,title, nick",
    "num_iid": "11223344",
    "Title": "衬衫 A+B",
}


def digest(text: str, secret: str = SECRET, charset: str = "utf-8") -> str:
    return plain(secret + text + secret, charset)


def plain(text: str, charset: str = "utf-8") -> str:
    return hashlib.md5(text.encode(charset), usedforsecurity=False).hexdigest().upper()


def joined(params: Mapping[str, str], value: Callable[[str], str] = str) -> str:
    return "".join(name + value(params[name]) for name in sorted(params))


def looked(
    params: Mapping[str, str], body: bytes = b"", secrets: tuple[str, ...] = (SECRET,), **more: str
) -> Looked:
    return looked_at(params=params, body=body, secrets=secrets, now=NOW, **more)


def wrong(found: Looked) -> list[tuple[str, str]]:
    return [(step.code, step.about) for step in found.steps if step.outcome == "bad"]


def test_the_published_example_comes_out_and_shows_no_secret() -> None:
    params = {
        "app_key": "12345678",
        "fields": "num_iid,title,nick,price,num",
        "format": "json",
        "method": "taobao.item.seller.get",
        "num_iid": "11223344",
        "session": "test",
        "sign_method": "md5",
        "timestamp": "2016-01-01 12:00:00",
        "v": "2.0",
        "nothing": "",
        "sign": "x",
    }

    made = signing_of(way="md5", secret=SECRET, params=params)

    assert made.signature == "66987CB115214E59E6EC978214934FB8"
    assert {part.name: part.left_out for part in made.parts if part.left_out} == {
        "nothing": "empty",
        "sign": "sign",
    }
    assert "session***sign_method" in made.text
    assert SECRET not in made.text


MISTAKES: list[tuple[str, str, str]] = [
    ("as_sent", "", digest("".join(name + value for name, value in PARAMS.items()))),
    (
        "order_ignores_case",
        "",
        digest("".join(name + PARAMS[name] for name in sorted(PARAMS, key=str.lower))),
    ),
    (
        "backwards",
        "",
        digest("".join(name + PARAMS[name] for name in sorted(PARAMS, reverse=True))),
    ),
    (
        "with_separators",
        "",
        digest("&".join(f"{name}={PARAMS[name]}" for name in sorted(PARAMS))),
    ),
    ("values_only", "", digest("".join(PARAMS[name] for name in sorted(PARAMS)))),
    (
        "left_out",
        "num_iid",
        digest(joined({name: PARAMS[name] for name in PARAMS if name != "num_iid"})),
    ),
    ("encoded", "", digest(joined(PARAMS, lambda value: quote(value, safe="")))),
    ("form_encoded", "", digest(joined(PARAMS, quote_plus))),
    (
        "plus_unencoded_one",
        "fields",
        digest(joined({**PARAMS, "fields": "num_iid,title,+nick"})),
    ),
    ("other_charset", "GBK", digest(joined(PARAMS), charset="gbk")),
    ("secret_in_front_only", "", plain(SECRET + joined(PARAMS))),
    ("secret_behind_only", "", plain(joined(PARAMS) + SECRET)),
    ("without_secret", "", plain(joined(PARAMS))),
    ("other_way", "hmac", hmac.new(SECRET.encode(), joined(PARAMS).encode(), "md5").hexdigest()),
    ("lower_case_one", "Title", digest(joined({**PARAMS, "Title": "衬衫 a+b"}))),
]


@pytest.mark.parametrize(("code", "about", "sign"), MISTAKES, ids=[each[0] for each in MISTAKES])
def test_each_mistake_is_named(code: str, about: str, sign: str) -> None:
    found = looked({**PARAMS, "sign": sign})

    assert wrong(found) == [(code, about)]


def test_a_body_that_was_not_signed_is_named() -> None:
    found = looked({**PARAMS, "sign": digest(joined(PARAMS))}, body=b'{"num_iid":1}')

    assert wrong(found) == [("without_body", "")]


def test_hmac_with_the_secret_around_is_named() -> None:
    params = {**PARAMS, "sign_method": "hmac-sha256"}
    text = SECRET + joined(params) + SECRET
    sign = hmac.new(SECRET.encode(), text.encode(), "sha256").hexdigest()

    assert wrong(looked({**params, "sign": sign})) == [("secret_around_hmac", "")]


@pytest.mark.parametrize("way", ["md5", "hmac", "hmac-sha256"])
def test_what_the_router_takes_is_good(way: str) -> None:
    params = {**PARAMS, "sign_method": way, "empty": ""}
    older = "another-secret"
    for keeps_empty, secret in ((False, SECRET), (True, older)):
        sign = top_sign(
            method=way,  # type: ignore[arg-type]
            secret=secret,
            params=params,
            keeps_empty=keeps_empty,
        )
        found = looked({**params, "sign": sign.lower()}, secrets=(SECRET, older))

        assert wrong(found) == []
        notes = {step.code for step in found.steps if step.outcome == "note"}
        assert notes == ({"empty_signed", "older_secret"} if keeps_empty else set())


TIMES = [
    (timedelta(hours=-8), "other_zone", "8"),
    (timedelta(minutes=-40), "too_old", "40"),
    (timedelta(minutes=25), "too_early", "25"),
]


@pytest.mark.parametrize(("off", "code", "about"), TIMES)
def test_a_time_that_is_off_is_told_with_how_much(off: timedelta, code: str, about: str) -> None:
    at = datetime(2026, 11, 11, 15, 27, tzinfo=UTC) + off
    params = {**PARAMS, "timestamp": f"{at:%Y-%m-%d %H:%M:%S}"}

    found = looked({**params, "sign": digest(joined(params))})

    assert wrong(found) == [(code, about)]


def test_what_is_missing_and_what_is_no_hex_is_told() -> None:
    params = {name: value for name, value in PARAMS.items() if name != "v"}

    assert wrong(looked({**params, "sign": "bm8gaGV4"})) == [
        ("missing", "v"),
        ("no_hex", ""),
        ("differs", ""),
    ]
    assert wrong(looked({**PARAMS, "timestamp": "now", "sign": "A" * 30})) == [
        ("time_unreadable", "now"),
        ("other_length", "32"),
        ("differs", ""),
    ]


def test_the_parameter_at_which_texts_part_is_named_and_no_secret_comes_back() -> None:
    theirs = SECRET + joined({**PARAMS, "num_iid": "11223345"}) + SECRET
    params = {**PARAMS, "sign": digest(joined({**PARAMS, "num_iid": "11223345"}))}

    found = looked(params, signed_text=theirs)

    assert wrong(found) == [("differs", "")]
    assert found.difference is not None
    assert found.difference.name == "num_iid"
    assert found.difference.ours.startswith(found.difference.theirs[:8])
    assert SECRET not in repr(found)
    assert PARAMS["session"] not in repr(found)


def test_of_an_app_of_somebody_else_nothing_is_told() -> None:
    found = looked({**PARAMS, "sign": digest(joined(PARAMS))}, secrets=())

    assert wrong(found) == [("app_unknown", "")]
    assert found.signing is None


PASTED = [
    ("https://x.example/router/rest?a=1&b=2", "", "a=1&b=2", "", ""),
    ("a=1&b=2", "c=3", "a=1&b=2", "c=3", "application/x-www-form-urlencoded"),
    (
        "POST /router/rest?a=1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n{}",
        "",
        "a=1",
        "{}",
        "application/json",
    ),
    (
        "curl -X POST 'https://x/router/rest?a=1' \\\n -H 'Content-Type: text/xml' -d 'b=2' -d c=3",
        "",
        "a=1",
        "b=2&c=3",
        "text/xml",
    ),
    ("https://x/router/rest?a=1\nb=2", "", "a=1", "b=2", "application/x-www-form-urlencoded"),
]


@pytest.mark.parametrize(("text", "beside", "query", "body", "kind"), PASTED)
def test_what_was_pasted_is_taken_apart(
    text: str, beside: str, query: str, body: str, kind: str
) -> None:
    found = taken_apart(text=text, body=beside)

    assert (found.query, found.body, found.content_type) == (query, body, kind)
