"""Files come in by a form's field, and go out by parts."""

from __future__ import annotations

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from santong.evidence import public as evidence
from santong.evidence.tests.factories import FILM, make_evidence, make_photo
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.body import what_it_says


def sent(*contents: bytes) -> dict[str, list[SimpleUploadedFile]]:
    return {"photos": [SimpleUploadedFile("a.jpg", content) for content in contents]}


def test_each_file_is_of_the_first_kind_that_it_can_be() -> None:
    request = RequestFactory().post("/", sent(make_photo(), FILM))

    found = evidence.uploads_of(request=request, name="photos", kinds=("photo", "video"))

    assert [(each.kind, each.content) for each in found] == [
        ("photo", make_photo()),
        ("video", FILM),
    ]


def test_a_wrong_file_is_refused_by_the_name_of_its_field() -> None:
    request = RequestFactory().post("/", sent(b"\x7fELF\x02\x01\x01\x00"))

    with pytest.raises(FieldInvalid) as refused:
        evidence.uploads_of(request=request, name="photos", kinds=("photo",))

    assert refused.value.pointer == "/photos"


def test_too_many_files_are_refused_and_none_are_none() -> None:
    many = RequestFactory().post("/", sent(*[make_photo()] * 3))

    with pytest.raises(FieldInvalid):
        evidence.uploads_of(request=many, name="photos", kinds=("photo",), most=2)
    assert evidence.uploads_of(request=many, name="others", kinds=("photo",)) == []


def test_a_drawn_signature_is_a_picture() -> None:
    drawn = base64.b64encode(make_photo(format="PNG")).decode()
    request = RequestFactory().post("/", {"drawn": f"data:image/png;base64,{drawn}", "empty": ""})

    found = evidence.drawn_signature(request=request, name="drawn")

    assert found is not None
    assert (found.kind, found.content) == ("signature", make_photo(format="PNG"))
    assert evidence.drawn_signature(request=request, name="empty") is None


@pytest.mark.parametrize(
    "drawn",
    ["data:image/svg+xml;base64,AAAA", "data:image/png;base64,*", "data:image/png;base64,AA=="],
)
def test_a_signature_that_is_no_picture_is_refused(drawn: str) -> None:
    request = RequestFactory().post("/", {"drawn": drawn})

    with pytest.raises(FieldInvalid) as refused:
        evidence.drawn_signature(request=request, name="drawn")

    assert refused.value.pointer == "/drawn"


def test_the_same_form_is_the_same_command_whatever_divides_its_parts() -> None:
    first = RequestFactory().post("/", {"kind": "photo", **sent(make_photo())})
    body = first.body.replace(b"BoUnDaRyStRiNg", b"another-line")
    again = RequestFactory().generic(
        "POST", "/", body, content_type="multipart/form-data; boundary=another-line"
    )
    other = RequestFactory().post("/", {"kind": "photo", **sent(make_photo(colour="red"))})

    assert what_it_says(again) == what_it_says(
        RequestFactory().post("/", {"kind": "photo", **sent(make_photo())})
    )
    assert what_it_says(again) != what_it_says(other)


def test_what_is_no_form_is_refused() -> None:
    request = RequestFactory().generic("POST", "/", b"x", content_type="multipart/form-data")

    with pytest.raises(FieldInvalid):
        what_it_says(request)


def test_a_player_gets_the_part_that_it_asks_for(merchant_id: int) -> None:
    kept = make_evidence(merchant_id, kind="video", content=FILM)

    def answer(wanted: str) -> tuple[int, bytes, str]:
        request = RequestFactory().get("/", headers={"Range": wanted})
        found = evidence.file_answer(request=request, merchant_id=merchant_id, evidence_id=kept.id)
        return found.status_code, found.content, found.get("Content-Range", "")

    size = len(FILM)
    assert answer("") == (200, FILM, "")
    assert answer("bytes=0-3") == (206, FILM[:4], f"bytes 0-3/{size}")
    assert answer("bytes=4-") == (206, FILM[4:], f"bytes 4-{size - 1}/{size}")
    assert answer(f"bytes={size}-") == (416, b"", f"bytes */{size}")
    assert answer("bytes=9-4") == (416, b"", f"bytes */{size}")


def test_a_file_of_words_is_saved_and_runs_nothing(merchant_id: int) -> None:
    kept = make_evidence(
        merchant_id, kind="chat", content=b"<script>alert(1)</script>", name="聊天.txt"
    )

    found = evidence.file_answer(
        request=RequestFactory().get("/"), merchant_id=merchant_id, evidence_id=kept.id
    )

    assert found["Content-Type"] == "text/plain"
    assert found["Content-Disposition"].startswith("attachment")
    assert found["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in found["Content-Security-Policy"]
