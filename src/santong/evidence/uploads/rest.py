"""Evidence over HTTP, as endpoints that a context hangs under its own things."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict, Field, ValidationError

from santong.evidence import contracts
from santong.evidence.rules.fields import LONGEST_NAME
from santong.evidence.selectors.evidence import by_id, of_subject
from santong.evidence.services.add import add
from santong.evidence.uploads.answers import file_answer
from santong.evidence.uploads.forms import decoded, read_upload
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.body import StrictParser
from santong.kernel.http.pages import id_of

# The subject of a thing that the path names, if the caller may see it; refuses otherwise.
SubjectOf = Callable[[MerchantRequest, str], str]

_FILE_FIELD: Final = "file"


class EvidenceAbout(Schema):
    """What is said of a file that is handed in."""

    model_config = ConfigDict(extra="forbid")

    kind: contracts.Kind
    taken_at: AwareDatetime | None = None
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = None


class EvidenceIn(EvidenceAbout):
    """A small file in JSON: its bytes as base64. Larger ones come as multipart/form-data."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    content_base64: Annotated[str, Field(min_length=1)]


class EvidenceOut(Schema):
    """A file that stands behind something; `sha256` is of exactly the bytes handed in."""

    id: str
    subject: str
    kind: contracts.Kind
    media_type: str
    name: str
    size_bytes: int
    sha256: str
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    by: str
    added_at: datetime
    erased_at: datetime | None


def evidence_endpoints(
    *, router: Router, path: str, thing: str, view: str, edit: str, subject_of: SubjectOf
) -> None:
    """Hang three endpoints under `path`, whose one part in braces names the thing.

    They list what stands behind the thing, take one file more, and give a file back, for those
    with the permissions `view` and `edit`. `subject_of` looks the thing up, with the caller's own
    check, and says its subject.
    """
    part = path.partition("{")[2].partition("}")[0]
    assert part, "the path names the thing"

    def list_them(request: MerchantRequest, **which: str) -> Any:
        subject = subject_of(request, which[part])
        return [
            shown(each) for each in of_subject(merchant_id=request.merchant_id, subject=subject)
        ]

    def take_one(request: MerchantRequest, **which: str) -> Any:
        subject = subject_of(request, which[part])
        return Status(201, shown(_taken(request, subject)))

    def give_one(request: MerchantRequest, **which: str) -> HttpResponse:
        subject = subject_of(request, which[part])
        evidence_id = id_of(which["evidence_id"], kind="evidence")
        if by_id(merchant_id=request.merchant_id, evidence_id=evidence_id).subject != subject:
            raise NoSuch(kind="evidence", key=str(evidence_id))
        return file_answer(
            request=request, merchant_id=request.merchant_id, evidence_id=evidence_id
        )

    router.get(
        f"{path}/evidence",
        response=list[EvidenceOut],
        auth=requires(view),
        operation_id=f"list_evidence_of_{thing}",
        summary=f"List evidence of {_words(thing)}",
        description="What stands behind it, in the order in which it was handed in.",
    )(_named(list_them, part))
    router.post(
        f"{path}/evidence",
        response={201: EvidenceOut},
        auth=requires(edit),
        operation_id=f"add_evidence_of_{thing}",
        summary=f"Add evidence to {_words(thing)}",
        description=(
            "Hand a file in: as multipart/form-data with the field `file`, or a small one as JSON."
            " The same bytes are the same evidence."
        ),
        openapi_extra={"requestBody": _BODIES},
    )(_named(take_one, part))
    router.get(
        f"{path}/evidence/{{evidence_id}}/content",
        auth=requires(view),
        operation_id=f"content_of_evidence_of_{thing}",
        summary=f"Content of evidence of {_words(thing)}",
        description="Exactly the bytes that were handed in.",
    )(_named(give_one, part, "evidence_id"))


def shown(row: contracts.Evidence) -> dict[str, Any]:
    """Evidence as the API shows it."""
    latitude, longitude = row.geo or (None, None)
    return {
        "id": str(row.id),
        "subject": row.subject,
        "kind": row.kind,
        "media_type": row.media_type,
        "name": row.name,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "taken_at": row.taken_at,
        "latitude": latitude,
        "longitude": longitude,
        "by": row.by,
        "added_at": row.added_at,
        "erased_at": row.erased_at,
    }


def _taken(request: MerchantRequest, subject: str) -> contracts.Evidence:
    upload = (
        _of_form(request) if request.content_type == "multipart/form-data" else _of_json(request)
    )
    return add(
        merchant_id=request.merchant_id,
        subject=subject,
        kind=upload.kind,
        content=upload.content,
        name=upload.name,
        taken_at=upload.taken_at,
        geo=upload.geo,
        by=f"{request.actor.kind}:{request.actor.id}",
        now=datetime.now(UTC),
    )


def _of_form(request: HttpRequest) -> contracts.Upload:
    about = _checked(EvidenceAbout, {name: request.POST[name] for name in request.POST})
    sent = request.FILES.getlist(_FILE_FIELD)
    if len(sent) != 1:
        raise FieldInvalid(pointer=f"/{_FILE_FIELD}", reason="one file")
    found = read_upload(sent[0], kind=about.kind, pointer=f"/{_FILE_FIELD}")
    return _upload(about, name=found.name, content=found.content)


def _of_json(request: HttpRequest) -> contracts.Upload:
    body = _checked(EvidenceIn, StrictParser().parse_body(request))
    content = decoded(body.content_base64, kind=body.kind, pointer="/content_base64")
    return _upload(body, name=body.name, content=content)


def _upload(about: EvidenceAbout, *, name: str, content: bytes) -> contracts.Upload:
    if (about.latitude is None) != (about.longitude is None):
        raise FieldInvalid(pointer="/longitude", reason="latitude and longitude, or neither")
    geo = None
    if about.latitude is not None and about.longitude is not None:
        geo = (about.latitude, about.longitude)
    return contracts.Upload(
        kind=about.kind, name=name, content=content, taken_at=about.taken_at, geo=geo
    )


def _checked(shape: type[Any], sent: Any) -> Any:
    try:
        return shape.model_validate(sent)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise FieldInvalid(pointer=pointer, reason=first["msg"]) from None


def _named(view: Callable[..., Any], *parts: str) -> Callable[..., Any]:
    """The view with the path's parts as its arguments, which is where their names come from."""
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
    view.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("request", plain, annotation=HttpRequest),
            *(inspect.Parameter(part, plain, annotation=str) for part in parts),
        ]
    )
    return view


def _words(thing: str) -> str:
    return thing.replace("_", " ")


def _shape(model: type[Schema], **more: Any) -> dict[str, Any]:
    """A body's shape without references: it stands in the document where it is used."""
    shape = model.model_json_schema()
    shape["properties"] |= more
    shape["required"] = [*shape.get("required", []), *more]
    return shape


_BODIES: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": _shape(EvidenceAbout, file={"type": "string", "format": "binary"})
        },
        "application/json": {"schema": _shape(EvidenceIn)},
    },
}
