"""Files that stand in the fields of a form: photos from a telephone, a signature that was drawn."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from santong.evidence.contracts import Kind, Upload
from santong.evidence.rules.fields import checked_name
from santong.evidence.rules.media import MOST_BYTES_BY_KIND, checked_type
from santong.kernel.errors import FieldInvalid

MOST_FILES: Final = 9
_DRAWN: Final = "data:image/png;base64,"


def uploads_of(
    *, request: HttpRequest, name: str, kinds: Sequence[Kind], most: int = MOST_FILES
) -> list[Upload]:
    """The files that a form's field brings, each of the first kind that it can be.

    The template `evidence/file_field.html` makes the field. A field without files brings none.
    Raises FieldInvalid, which names the field.
    """
    sent = [each for each in request.FILES.getlist(name) if each]
    if len(sent) > most:
        raise FieldInvalid(pointer=f"/{name}", reason=f"{most} files at most at once")
    return [_upload_of(each, kinds, pointer=f"/{name}") for each in sent]


def drawn_signature(*, request: HttpRequest, name: str) -> Upload | None:
    """What was drawn into a form's field, if anything was. Raises FieldInvalid."""
    text = request.POST.get(name, "")
    if not text:
        return None
    if not text.startswith(_DRAWN):
        raise FieldInvalid(pointer=f"/{name}", reason="a drawing as PNG")
    content = decoded(text.removeprefix(_DRAWN), kind="signature", pointer=f"/{name}")
    checked_type(kind="signature", content=content, pointer=f"/{name}")
    return Upload(kind="signature", name="signature.png", content=content)


def read_upload(sent: UploadedFile[bytes], *, kind: Kind, pointer: str) -> Upload:
    """A file of a form, if it can be of the kind. Raises FieldInvalid."""
    _check_size(sent, kind, pointer)
    sent.seek(0)  # the same request is tried again when rows were locked
    content = sent.read()
    checked_type(kind=kind, content=content, pointer=pointer)
    return Upload(kind=kind, name=checked_name(sent.name or ""), content=content)


def decoded(text: str, *, kind: Kind, pointer: str) -> bytes:
    """What base64 stands for, if it is not longer than the kind may be. Raises FieldInvalid."""
    most = MOST_BYTES_BY_KIND[kind]
    if len(text) > most * 4 // 3 + 4:
        raise FieldInvalid(pointer=pointer, reason=f"a {kind} has at most {most} bytes")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FieldInvalid(pointer=pointer, reason="base64") from None


def _upload_of(sent: UploadedFile[bytes], kinds: Sequence[Kind], *, pointer: str) -> Upload:
    refused: FieldInvalid | None = None
    for kind in kinds:
        try:
            return read_upload(sent, kind=kind, pointer=pointer)
        except FieldInvalid as wrong:
            refused = refused or wrong
    assert refused, "a field takes at least one kind"
    raise refused


def _check_size(sent: UploadedFile[bytes], kind: Kind, pointer: str) -> None:
    most = MOST_BYTES_BY_KIND[kind]
    if (sent.size or 0) > most:
        raise FieldInvalid(
            pointer=pointer, reason=f"a {kind} has at most {most} bytes, this one {sent.size}"
        )
