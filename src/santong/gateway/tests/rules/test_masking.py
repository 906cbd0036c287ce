"""A log shows what is known to be nobody's."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.gateway.rules.masking import masked


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
        "msg": "no member *** here",
        "serial_no": "20261122000017",
    }


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
