"""Frames of the channel: as published clients write them, there and back, refused if broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.tests.vectors import cases_of
from santong.messaging.rules.channel import connect_sign
from santong.messaging.rules.frames import (
    CONNECT_ACK,
    KIND,
    PULL,
    SEND,
    Frame,
    FrameInvalid,
    Value,
    byte,
    decode,
    encode,
)

NAMES = st.text(max_size=12)
INT64 = st.integers(-(2**63), 2**63 - 1)
VALUES = st.one_of(
    st.just(Value("void", None)),
    st.builds(Value, st.just("text"), st.text(max_size=40)),
    st.builds(Value, st.just("byte"), st.integers(0, 255)),
    st.builds(Value, st.just("int16"), st.integers(-(2**15), 2**15 - 1)),
    st.builds(Value, st.just("int32"), st.integers(-(2**31), 2**31 - 1)),
    st.builds(Value, st.sampled_from(["int64", "date"]), INT64),
    st.builds(Value, st.just("bytes"), st.binary(max_size=40)),
)
FRAMES = st.builds(
    Frame,
    type=st.integers(0, 3),
    status=st.none() | st.integers(-(2**31), 2**31 - 1),
    phrase=st.none() | st.text(max_size=20),
    flag=st.none() | st.integers(-(2**31), 2**31 - 1),
    token=st.none() | st.text(max_size=40),
    content=st.dictionaries(NAMES, VALUES, max_size=8),
)


def published(kind: str) -> list[Any]:
    """The published frames or signatures; without the shared file, one case that says so."""
    found: Any = cases_of("tmc")
    return list(found[kind]) if isinstance(found, dict) else found


@pytest.mark.parametrize("case", published("frames"), ids=lambda case: case["id"])
def test_frames_of_published_clients_are_read_and_written_to_the_byte(case: Any) -> None:
    decoded = case["decoded"]
    wanted = Frame(
        type=decoded["message_type"],
        token=decoded["token"],
        content={name: byte(value) for name, value in decoded.get("content", {}).items()},
    )

    assert decode(bytes.fromhex(case["hex"])) == wanted
    assert encode(wanted).hex() == case["hex"]


@pytest.mark.parametrize(
    "case", published("connect_sign"), ids=lambda case: case.get("app_key", "absent")
)
def test_a_connect_is_signed_as_published_clients_sign_it(case: Any) -> None:
    params = {name: case[name] for name in ("app_key", "group_name", "timestamp")}

    assert connect_sign(secret=case["secret"], params=params) == case["sign"]


@given(frame=FRAMES)
def test_what_is_written_is_read_again(frame: Frame) -> None:
    assert decode(encode(frame)) == frame


@given(frame=FRAMES, data=st.data())
def test_a_frame_that_ends_early_or_late_is_none(frame: Frame, data: st.DataObject) -> None:
    whole = encode(frame)
    end = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(FrameInvalid):
        decode(whole[:end])
    with pytest.raises(FrameInvalid):
        decode(whole + b"\0")


@given(body=st.binary(max_size=200) | st.binary(max_size=60).map(lambda rest: b"\2\2" + rest))
def test_whatever_comes_is_a_frame_or_is_refused(body: bytes) -> None:
    try:
        frame = decode(body)
    except FrameInvalid:
        return
    assert decode(encode(frame)) == frame


MALFORMED = {
    "nothing": b"",
    "another version": b"\1\2\0\0",
    "an unknown type": b"\2\x09\0\0",
    "an unknown header": b"\2\2\x09\0\0\0",
    "a negative length": b"\2\2\5\0\xff\xff\xff\xff\0\0",
    "a length past the end": b"\2\2\5\0\xff\xff\xff\x7f\0\0",
    "text that is not UTF-8": b"\2\2\5\0\1\0\0\0\xff\0\0",
    "an unknown format": b"\2\2\1\0\1\0\0\0a\x08\0\0",
    "no end": b"\2\2" + b"\1\0\0\0\0\0\0" * 1_000,
    "too long": b"\2\2" + b"\0" * (1 << 20),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_frames_are_refused(name: str) -> None:
    with pytest.raises(FrameInvalid):
        decode(MALFORMED[name])


def test_a_pull_says_so() -> None:
    pull = Frame(type=SEND, token="t", content={KIND: byte(PULL)})

    assert decode(encode(pull)).kind == PULL
    assert decode(encode(Frame(type=CONNECT_ACK, token="t"))).kind is None
