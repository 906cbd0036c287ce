"""Same command, same answer: the key, the first answer and the races for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, cast

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory

from santong.kernel import audit, idempotency, tenancy
from santong.kernel.errors import AnswerNotKept, KeyReused, NoSuch
from santong.kernel.http.middleware import RequestMiddleware, Respond, ScopeMiddleware
from santong.kernel.http.problems import refusal
from santong.kernel.idempotency import Answer
from santong.kernel.models import AuditEntry, IdempotencyKey

HASHED = idempotency.request_hash(b"the same")
CREATED = Answer(201, b'{"id": "7"}', "application/json")


class Known:
    """Recognises one program of one merchant, whatever it sends."""

    def __init__(self, merchant_id: int, *, actor_id: str = "1") -> None:
        self.merchant_id = merchant_id
        self.actor = tenancy.Actor(kind="token", id=actor_id, name="till")

    def merchant_of(self, _request: HttpRequest) -> int | None:
        return self.merchant_id

    def actor_of(self, _request: HttpRequest, _merchant_id: int) -> tenancy.Actor | None:
        return self.actor


def server(view: Respond, credentials: Known) -> Callable[..., Any]:
    """Everything a request goes through, around one view."""
    scoped = ScopeMiddleware(view)
    scoped.credentials = credentials
    respond = RequestMiddleware(scoped)

    def post(body: str = "{}", *, key: str = "once") -> Any:
        request = RequestFactory().post(
            "/api/v1/things",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": key} if key else {},
        )
        request.resolver_match = cast("Any", None)
        return respond(request)

    return post


def counting(now: datetime) -> Respond:
    """A view that does something: it writes into the trail and answers with the trail's length."""

    def view(request: HttpRequest) -> HttpResponse:
        change = audit.Change(action="test.count", subject="thing", subject_id=1, reason="counted")
        audit.record(change, now=now)
        return JsonResponse({"count": AuditEntry.objects.filter(subject="thing").count()})

    return view


def effects(merchant_id: int) -> int:
    with tenancy.scope(merchant_id=merchant_id):
        return AuditEntry.objects.filter(subject="thing").count()


def test_one_key_sent_a_hundred_times_at_once_has_one_effect_and_one_answer(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    post = server(counting(now), Known(merchant))

    def send_four_times() -> list[tuple[int, bytes]]:
        answers = [post() for _ in range(4)]
        return [(answer.status_code, answer.content) for answer in answers]

    answers = list(chain.from_iterable(at_once(*[send_four_times] * 25)))

    assert answers == [(200, b'{"count": 1}')] * 100
    assert effects(merchant) == 1


def test_another_body_with_the_same_key_is_a_conflict(merchant: int, now: datetime) -> None:
    post = server(counting(now), Known(merchant))
    post('{"size": 1}')

    other = post('{"size": 2}')

    assert other.status_code == 409
    assert b"kernel.idempotency_key_reused" in other.content
    assert effects(merchant) == 1


def test_another_caller_with_the_same_key_is_a_conflict(merchant: int, now: datetime) -> None:
    server(counting(now), Known(merchant, actor_id="1"))()

    other = server(counting(now), Known(merchant, actor_id="2"))()

    assert other.status_code == 409
    assert effects(merchant) == 1


def test_without_a_key_nothing_is_done(merchant: int, now: datetime) -> None:
    answer = server(counting(now), Known(merchant))(key="")

    assert answer.status_code == 422
    assert effects(merchant) == 0


def test_what_is_refused_has_no_effect_and_may_be_tried_again(merchant: int, now: datetime) -> None:
    does = counting(now)

    def refusing(request: HttpRequest) -> HttpResponse:
        does(request)
        return refusal(request, NoSuch(kind="thing", key="1"))

    refused = server(refusing, Known(merchant))()
    again = server(does, Known(merchant))()

    assert (refused.status_code, again.status_code) == (404, 200)
    assert effects(merchant) == 1


@pytest.mark.parametrize("status", [400, 409, 500])
def test_an_answer_that_is_no_success_leaves_nothing_behind(
    merchant: int, now: datetime, status: int
) -> None:
    does = counting(now)

    def failing(request: HttpRequest) -> HttpResponse:
        does(request)
        return HttpResponse(status=status)

    assert server(failing, Known(merchant))().status_code == status
    assert effects(merchant) == 0
    with tenancy.scope(merchant_id=merchant):
        assert not IdempotencyKey.objects.exists()


def test_an_answer_that_is_not_to_be_stored_is_given_once(merchant: int, now: datetime) -> None:
    does = counting(now)

    def telling(request: HttpRequest) -> HttpResponse:
        response = does(request)
        response["Cache-Control"] = "no-store"
        return response

    post = server(telling, Known(merchant))

    assert post().status_code == 200
    assert b"kernel.answer_not_kept" in post().content
    assert effects(merchant) == 1


def test_a_credential_that_is_not_good_opens_no_scope(merchant: int) -> None:
    seen: list[tenancy.Scope | None] = []

    class Forged(Known):
        def actor_of(self, _request: HttpRequest, _merchant_id: int) -> tenancy.Actor | None:
            return None

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(tenancy.current_or_none())
        return HttpResponse(status=401)

    answer = server(view, Forged(merchant))()

    assert (answer.status_code, seen) == (401, [None])


def first_answer(merchant_id: int, *, hashed: bytes = HASHED) -> Answer | None:
    return idempotency.first_answer(merchant_id=merchant_id, key="once", hashed=hashed)


def remember(
    merchant_id: int, *, answer: Answer | None = CREATED, key: str = "once", now: datetime
) -> None:
    idempotency.remember(merchant_id=merchant_id, key=key, hashed=HASHED, answer=answer, now=now)


def test_the_first_answer_is_kept_sealed_and_given_again(merchant_id: int, now: datetime) -> None:
    assert first_answer(merchant_id) is None

    remember(merchant_id, now=now)

    assert first_answer(merchant_id) == CREATED
    assert CREATED.body not in bytes(IdempotencyKey.objects.get().body)


def test_another_request_with_the_key_is_refused(merchant_id: int, now: datetime) -> None:
    remember(merchant_id, now=now)

    with pytest.raises(KeyReused):
        first_answer(merchant_id, hashed=b"x" * 32)


def test_an_answer_with_a_secret_is_not_kept(merchant_id: int, now: datetime) -> None:
    remember(merchant_id, answer=None, now=now)

    with pytest.raises(AnswerNotKept):
        first_answer(merchant_id)


def test_old_keys_are_dropped_after_their_time(merchant_id: int, now: datetime) -> None:
    for key, days in (("old", 36), ("young", 34)):
        remember(merchant_id, key=key, now=now - timedelta(days=days))

    assert idempotency.forget_old(merchant_id=merchant_id, now=now) == 1
    assert IdempotencyKey.objects.get().key == "young"


def test_parts_of_a_request_cannot_be_shifted_into_one_another() -> None:
    assert idempotency.request_hash(b"ab", b"c") != idempotency.request_hash(b"a", b"bc")


def test_nobody_can_try_out_what_a_request_said(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        idempotency.remember(merchant_id=merchant, key="k", hashed=HASHED, answer=CREATED, now=now)
        (kept,) = IdempotencyKey.objects.filter(key="k").values_list("request_hash", flat=True)

        assert bytes(kept) != HASHED
        assert HASHED[:16] not in bytes(kept)
        assert idempotency.first_answer(merchant_id=merchant, key="k", hashed=HASHED) == CREATED


def test_a_command_remembered_before_hashes_were_keyed_is_still_the_same(
    merchant: int, now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        idempotency.remember(merchant_id=merchant, key="k", hashed=HASHED, answer=CREATED, now=now)
        IdempotencyKey.objects.filter(key="k").update(request_hash=HASHED)

        assert idempotency.first_answer(merchant_id=merchant, key="k", hashed=HASHED) == CREATED
        with pytest.raises(KeyReused):
            idempotency.first_answer(
                merchant_id=merchant, key="k", hashed=idempotency.request_hash(b"another")
            )
