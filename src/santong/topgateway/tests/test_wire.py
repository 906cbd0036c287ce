"""Every way that parameters travel, and what is refused."""

from __future__ import annotations

import os
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.topgateway import errors
from santong.topgateway.documents.wire import LARGEST_BODY, check_length, read
from santong.topgateway.errors import Refused
from santong.topgateway.rules.received import Received

FORM = "application/x-www-form-urlencoded"
# Millions are tried by hand: SANTONG_FUZZ_CASES=2000000.
CASES = int(os.environ.get("SANTONG_FUZZ_CASES", "12"))
FUZZ = settings(max_examples=CASES * 20, deadline=None, suppress_health_check=list(HealthCheck))


def posted(
    body: bytes | str = b"", content_type: str = FORM, query: str = "", http_method: str = "POST"
) -> Received:
    sent = body.encode() if isinstance(body, str) else body
    return read(http_method=http_method, query=query, content_type=content_type, body=sent)


def refused(**sent: str | bytes) -> Refused:
    with pytest.raises(Refused) as found:
        posted(**sent)  # type: ignore[arg-type]
    return found.value


def parts(*sent: bytes, boundary: bytes = b"1234567890") -> bytes:
    whole = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in sent)
    return whole + b"--" + boundary + b"--\r\n"


JAVA = "multipart/form-data;charset=UTF-8;boundary=1234567890"
JAVA_TEXT = (
    b'Content-Disposition:form-data;name="title"\r\nContent-Type:text/plain\r\n\r\n'
    b"\xe4\xb8\x89\xe9\x80\x9a"
)
FILE = (
    b'Content-Disposition:form-data;name="image";filename="a.jpg"\r\n'
    b"Content-Type:image/jpeg\r\n\r\n\xff\xd8\r\n--\x00"
)


def test_query_and_form_are_one() -> None:
    found = posted("b=2+%2B3&empty=", query="a=%E4%B8%89")

    assert found.params == {"a": "三", "b": "2 +3", "empty": ""}


@pytest.mark.parametrize(
    "content_type",
    [
        FORM,
        f"{FORM};charset=UTF-8",
        f"{FORM}; charset=utf8",
        f'{FORM}; charset="Utf-8"',
        "Application/X-WWW-Form-Urlencoded;CHARSET=UTF-8",
    ],
)
def test_a_form_is_known_however_it_is_spelt(content_type: str) -> None:
    assert posted("nick=%E4%B8%89", content_type).params == {"nick": "三"}


def test_a_form_in_the_older_chinese_character_set_is_read() -> None:
    assert posted("nick=%C8%FD", f"{FORM};charset=GBK").params == {"nick": "三"}


def test_parts_as_the_official_java_client_writes_them() -> None:
    found = posted(parts(JAVA_TEXT, FILE), JAVA, "app_key=1")

    assert found.params == {"app_key": "1", "title": "三通"}
    assert found.files == ("image",)
    assert found.body == b""


def test_a_raw_body_is_kept_as_it_was_sent() -> None:
    found = posted(b' {"a": 1}\r\n', "application/json", "method=m")

    assert (found.params, found.body) == ({"method": "m"}, b' {"a": 1}\r\n')


def test_everything_may_stand_in_the_query() -> None:
    assert posted(query="a=1&b=2", http_method="GET", content_type="").params == {
        "a": "1",
        "b": "2",
    }


REFUSED = [
    ("a name twice in the form", {"body": "a=1&a=2"}, errors.PARAMETER_ERROR),
    ("a name in query and form", {"body": "a=1", "query": "a=1"}, errors.PARAMETER_ERROR),
    ("NUL", {"query": "a=%00"}, errors.PARAMETER_ERROR),
    ("octets of no character", {"body": "a=%ff"}, errors.INVALID_ENCODING),
    ("a character set of nobody", {"content_type": f"{FORM};charset=x"}, errors.INVALID_ENCODING),
    ("another way of calling", {"http_method": "PUT"}, errors.HTTP_ACTION),
    ("too many parameters", {"body": "&".join(map(str, range(300)))}, errors.FORBIDDEN_REQUEST),
    ("too long", {"body": b"a" * (LARGEST_BODY + 1)}, errors.FORBIDDEN_REQUEST),
    ("too long a query", {"query": "a" * 70_000}, errors.FORBIDDEN_REQUEST),
    (
        "too many parts",
        {"body": parts(*[JAVA_TEXT] * 300), "content_type": JAVA},
        errors.FORBIDDEN_REQUEST,
    ),
    (
        "parts that do not end",
        {"body": parts(JAVA_TEXT)[:-6], "content_type": JAVA},
        errors.PARAMETER_ERROR,
    ),
    (
        "parts without a boundary",
        {"body": parts(JAVA_TEXT), "content_type": "multipart/form-data"},
        errors.PARAMETER_ERROR,
    ),
    (
        "a part without a name",
        {"body": parts(b"Content-Type:text/plain\r\n\r\nx"), "content_type": JAVA},
        errors.PARAMETER_ERROR,
    ),
]


@pytest.mark.parametrize(
    ("sent", "code"), [each[1:] for each in REFUSED], ids=[x[0] for x in REFUSED]
)
def test_what_cannot_be_read_is_refused(sent: dict[str, str | bytes], code: int) -> None:
    assert refused(**sent).code == code


@pytest.mark.parametrize("written", [str(LARGEST_BODY + 1), "-1", "x", "9" * 30, "٣"])
def test_a_length_is_refused_before_the_body_is_read(written: str) -> None:
    with pytest.raises(Refused):
        check_length(written=written)


types = st.sampled_from([FORM, JAVA, "multipart/form-data; boundary=x", "text/xml", ""]) | st.text(
    max_size=40
)
boundaries = st.sampled_from([b"--1234567890", b"--1234567890--", b"\r\n", b":", b";", b"=", b'"'])
scraps = st.lists(
    boundaries
    | st.sampled_from([b"Content-Disposition", b"form-data", b"name", b"filename*", b"a"])
    | st.binary(max_size=8),
    max_size=30,
).map(b"".join)


@FUZZ
@given(body=st.binary(max_size=300) | scraps, content_type=types, query=st.text(max_size=60))
def test_no_bytes_break_it(body: bytes, content_type: str, query: str) -> None:
    try:
        found = read(http_method="POST", query=query, content_type=content_type, body=body)
    except Refused:
        return

    assert all(isinstance(value, str) for value in found.params.values())


def test_memory_stays_flat() -> None:
    text = b'Content-Disposition:form-data;name="%d"\r\n\r\n' + b"x" * 1_000
    worst = parts(*[text % number for number in range(150)])
    posted(worst, JAVA)

    tracemalloc.start()
    for _ in range(30):
        posted(worst, JAVA)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept < 50_000
