"""A method in use, made from its declaration: arguments that it takes, an answer as it is written.

What an example says is told by a name; a name that is not listed has the value of its kind. The
answer goes through the same lines that write real ones, so that no example can differ from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final

from santong.kernel.signing import CHINA
from santong.topgateway.contracts import Argument, Example, Style
from santong.topgateway.rules.declaring import Method
from santong.topgateway.rules.describing import described
from santong.topgateway.rules.envelope import written
from santong.topgateway.rules.outline import Outline, Part

REQUEST_ID: Final = "16o5uwvqzcyhe"
AT: Final = datetime(2026, 11, 11, 0, 30, tzinfo=CHINA)

_BY_NAME: Final[Mapping[str, str]] = {
    "address": "测试大道 1 号",
    "address_area_name": "上海市~上海市~浦东新区",
    "bill_num": "IN-20261111-0001",
    "bill_type": "IN",
    "card_number": "88012345678",
    "city": "上海市",
    "code": "483920",
    "district": "浦东新区",
    "end_created": "2026-11-12 00:00:00",
    "fields": "num_iid,title,price",
    "item_id": "610000000001",
    "logistic_company": "顺丰速运",
    "logistic_company_code": "SF",
    "logistic_no": "SF1234567890123",
    "main_order_id": "2000001234567890",
    "mobile": "13800138000",
    "name": "人民广场店",
    "num_iid": "610000000001",
    "num_iids": "610000000001",
    "outer_code": "CN001",
    "outer_id": "SHIRT-01-WHITE-M",
    "page_no": "1",
    "page_size": "40",
    "point": "100",
    "price": "199.00",
    "province": "上海市",
    "q": "衬衫",
    "quantity": "5",
    "report_timestamp": "1794240000000",
    "serial_no": "POINT-20261111-0001",
    "sku_id": "4800000000001",
    "start_created": "2026-11-11 00:00:00",
    "store_code": "CN001",
    "store_id": "310001",
    "store_name": "人民广场店",
    "sub_oid": "2000001234567891",
    "sub_order_ids": "2000001234567891",
    "tid": "2000001234567890",
    "trace_id": "route-1",
    "warehouse_id": "CN001",
}
_BY_KIND: Final[Mapping[str, str]] = {
    "number": "1",
    "text": "text",
    "time": "2026-11-11 00:30:00",
    "true or false": "true",
    "words with commas between them": "a,b",
}
_ANSWERED: Final[Mapping[str, str]] = {
    "buyer_nick": "买**",
    "created": "2026-11-11 00:12:00",
    "err_code": "0",
    "err_msg": "success",
    "status": "WAIT_SELLER_SEND_GOODS",
    "title": "棉质衬衫",
}
_NOTHING: Final[Mapping[str, str]] = {}


def example_of(method: Method, named: Mapping[str, str] = _NOTHING) -> Example:
    """What a call of a method says, and its answer in each style.

    What arguments are to say is told by their names in `named`, as far as it is there.
    """
    told = described(method)
    record = _record(method.answers)
    styles: dict[Style, str] = {
        style: written(
            record,
            outline=method.answers,
            method=method.name,
            style=style,
            request_id=REQUEST_ID,
        )
        for style in ("json", "simple", "xml")
    }
    return Example(
        arguments=_arguments(told.arguments, {**_BY_NAME, **named}),
        json=styles["json"],
        simple=styles["simple"],
        xml=styles["xml"],
    )


def _arguments(arguments: tuple[Argument, ...], named: Mapping[str, str]) -> dict[str, str]:
    """A value for each argument that is needed; where none is, for the first."""
    wanted = [each for each in arguments if each.is_required] or list(arguments[:1])
    return {each.name: _text(each, named) for each in wanted}


def _text(argument: Argument, named: Mapping[str, str]) -> str:
    if argument.kind.startswith("JSON"):
        tree = _tree(argument, named)
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return _plain(argument, named)


def _plain(argument: Argument, named: Mapping[str, str]) -> str:
    if argument.choices:
        return argument.choices[0]
    listed = named.get(argument.name)
    if listed is not None and not (argument.kind == "number" and not _is_number(listed)):
        return listed
    return _BY_KIND.get(argument.kind, "text")


def _tree(argument: Argument, named: Mapping[str, str]) -> Any:
    inside = {
        each.name: _tree(each, named) if each.kind.startswith("JSON") else _typed(each, named)
        for each in argument.inner
        if each.is_required
    }
    return [inside] if argument.kind == "JSON list" else inside


def _typed(argument: Argument, named: Mapping[str, str]) -> str | int | bool:
    text = _plain(argument, named)
    if argument.kind == "number" and text.isdigit():
        return int(text)
    return text == "true" if argument.kind == "true or false" else text


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _record(outline: Outline) -> SimpleNamespace:
    return SimpleNamespace(**{part.name: _member(part) for part in outline.parts})


def _member(part: Part) -> Any:
    value = _record(part.inner) if part.inner else _value(part)
    return (value,) if part.item else value


def _value(part: Part) -> Any:
    text = _ANSWERED.get(part.name) or _BY_NAME.get(part.name, "")
    if part.kind == "number":
        return int(text) if text.isdigit() else 1
    if part.kind == "flag":
        return True
    return AT if part.kind == "moment" else text or part.name
