"""The colours of programmes' cards, as a style sheet: no page carries a style of its own."""

from __future__ import annotations

from django.http import HttpResponse

from santong.storefront.views.frame import DoorRequest, door


@door("GET", "HEAD")
def faces(request: DoorRequest) -> HttpResponse:
    """Text and ground of each programme that has its own; they were checked when they were set."""
    rules = [
        f".face-{programme.id} {{ color: {programme.face.ink};"
        f" background: {programme.face.ground}; }}"
        for programme in request.house.programmes
        if programme.face.ground
    ]
    return HttpResponse("\n".join(rules) + "\n", content_type="text/css; charset=utf-8")
