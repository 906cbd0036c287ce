"""What a document may be, and what is refused of it."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from santong.qimen.rules.xml import (
    DEEPEST,
    LONGEST_TEXT,
    MOST_ELEMENTS,
    Element,
    Unreadable,
    read_xml,
    write_xml,
)

LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
BOMB = f'<!DOCTYPE request [<!ENTITY a0 "ha">{LAUGHS}]><request>&a9;</request>'


class Refused(NamedTuple):
    name: str
    body: bytes
    reason: str


REFUSED = [
    Refused("nothing", b"", "not XML"),
    Refused("no XML", b"{}", "not XML"),
    Refused("half a document", b"<request><a>", "not XML"),
    Refused("two roots", b"<request/><request/>", "not XML"),
    Refused("another root", b"<response/>", "the root is not request"),
    Refused("a bomb", BOMB.encode(), "a document type"),
    Refused(
        "a file of ours",
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><request>&x;</request>',
        "a document type",
    ),
    Refused("a document type alone", b"<!DOCTYPE request><request/>", "a document type"),
    Refused("an entity of nobody's", b"<request>&x;</request>", "not XML"),
    Refused(
        "too deep",
        b"<request>" + b"<a>" * DEEPEST + b"</a>" * DEEPEST + b"</request>",
        "too deep",
    ),
    Refused(
        "too many elements",
        b"<request>" + b"<a/>" * MOST_ELEMENTS + b"</request>",
        "too many elements",
    ),
    Refused(
        "too long a text", b"<request>" + b"x" * (LONGEST_TEXT + 1) + b"</request>", "too long"
    ),
    Refused("too large", b"<request>" + b" " * 1024 * 1024 + b"</request>", "too large"),
    Refused("half a letter", b"<request>\xff</request>", "not XML"),
    Refused("another alphabet", b'<?xml version="1.0" encoding="gbk"?><request/>', "not UTF-8"),
    Refused("a NUL", b"<request>\x00</request>", "not XML"),
    Refused("a NUL by number", b"<request>&#0;</request>", "not XML"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refuses(case: Refused) -> None:
    with pytest.raises(Unreadable) as refused:
        read_xml(body=case.body, root="request")

    assert case.reason in refused.value.reason


def test_reads_what_a_document_says_whatever_stands_around_it() -> None:
    body = (
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<!-- hello -->\n'
        b'<request a="1">\n <b> 1 &lt; 2 &#x4E2D; </b><c><![CDATA[<d/>]]></c>\n <e/></request>'
    )

    found = read_xml(body=body, root="request")

    assert found == Element(
        "request", "", (Element("b", "1 < 2 中"), Element("c", "<d/>"), Element("e"))
    )


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=20
)
leaves = st.builds(Element, names, texts)
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        Element, names, st.just(""), st.lists(inner, min_size=1, max_size=4).map(tuple)
    ),
    max_leaves=12,
)


@given(tree=trees)
def test_what_is_written_is_read_again(tree: Element) -> None:
    again = read_xml(body=write_xml(element=tree), root=tree.name)

    assert _unwritable_replaced(tree) == again


def _unwritable_replaced(element: Element) -> Element:
    return Element(
        element.name,
        element.text.replace("\ufffe", "?").replace("\uffff", "?").strip(),
        tuple(_unwritable_replaced(child) for child in element.children),
    )


@settings(max_examples=300)
@given(body=st.binary(max_size=200) | st.text("<>/&;a!D[]\"' ", max_size=60).map(str.encode))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        found = read_xml(body=b"<request>" + body + b"</request>", root="request")

        assert found.name == "request"
