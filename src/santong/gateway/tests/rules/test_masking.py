"""A log shows what is known to be nobody's."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.gateway.rules.masking import masked, shown_code


def test_codes_are_shown_and_people_are_not() -> None:
    fields = {
        "method": "tmall.mei.crm.bind",
        "mobile": "13800001234",
        "mix_mobile": "87ed83b244dc2a60dfa8b9725172e10f",
        "taobao_nick": "张三丰",
        "type": "1",
        "empty": "",
        "member": {"point": 120, "level": "gold", "nick": "张三丰", "extend": '{"card":"8801"}'},
        "msg": "no member 13800001234 here",
        "serial_no": "20261122000017",
    }

    assert masked(fields=fields) == {
        "method": "tmall.mei.crm.bind",
        "mobile": "***1234",
        "mix_mobile": "***",
        "taobao_nick": "***",
        "type": "1",
        "empty": "",
        "member": {"point": "120", "level": "gold", "nick": "***", "extend": "***"},
        "msg": "***",
        "serial_no": "20261122000017",
    }


class Case(NamedTuple):
    name: str
    fields: dict[str, object]
    shown: dict[str, object]


CASES = [
    Case("a sentence is no code", {"sub_code": "no member Zhang"}, {"sub_code": "***"}),
    Case("a name is no code", {"level": "张三丰"}, {"level": "***"}),
    Case("a number in a code", {"code": "no-13800001234"}, {"code": "no-***"}),
    Case("a name in place of a number", {"mobile": "zhang@example.com"}, {"mobile": "***"}),
    Case("a number for a field's name", {"13800001234": "x"}, {"***": "***"}),
    Case("a name for a field's name", {"张三丰": {"type": "1"}}, {"***": {"type": "1"}}),
    Case("an instant", {"timestamp": "2026-11-11 11:04:05"}, {"timestamp": "2026-11-11 11:04:05"}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_no_code_is_hidden(case: Case) -> None:
    assert masked(fields=case.fields) == case.shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("isv.invalid-parameter mobile", "isv.invalid-parameter mobile"),
        ("http_500", "http_500"),
        ("", ""),
        ("13800001234", "***"),
        ("没有这个会员 张三丰", "***"),
        ("E05 张三丰", "***"),
    ],
)
def test_a_code_is_shown_and_what_else_was_said_is_not(code: str, shown: str) -> None:
    assert shown_code(code=code) == shown


anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("13800001234"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["msg", "level", "name", "mobile", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(fields=st.dictionaries(st.sampled_from(["msg", "member", "mobile", "x"]), anything))
def test_no_telephone_is_ever_shown(fields: dict[str, Any]) -> None:
    shown = json.dumps(masked(fields=fields))

    assert "13800001234" not in shown
