"""Nobody can tell by the work of a refusal which log-ins there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from pytest_django.fixtures import Settings

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.models import StaffUser
from santong.merchants.services import prove_password as proving
from santong.merchants.tests.factories import PASSWORD


@pytest.fixture
def _real_hashing(settings: Settings) -> Iterator[None]:
    """As the product hashes (config's tests say so), and not as tests do that do not ask."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    proving.nobodys_hash.cache_clear()
    yield
    proving.nobodys_hash.cache_clear()


@pytest.mark.usefixtures("_real_hashing")
def test_whoever_is_refused_costs_the_same_hashing(
    merchant: int,
    code: str,
    address: str,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tenancy.scope(merchant_id=merchant):
        for login in ("lin", "gone", "new"):
            merchants.create_staff(
                merchant_id=merchant, login=login, name="林静", password=PASSWORD, now=now
            )
        StaffUser.objects.filter(login="gone").update(is_active=False)
        StaffUser.objects.filter(login="new").update(password_expires_at=now)
    proving.nobodys_hash()
    work = hashing_seen(monkeypatch)

    def work_of(merchant_code: str, login: str, password: str) -> list[Work]:
        work.clear()
        with pytest.raises(merchants.LogInRefused):
            proving.prove_password(
                merchant_code=merchant_code,
                login=login,
                password=password,
                address=address,
                now=now,
            )
        return work.copy()

    wrong = work_of(code, "lin", "wrong")
    others = {
        "an unknown log-in": work_of(code, "nobody", PASSWORD),
        "an unknown merchant": work_of("nobody", "lin", PASSWORD),
        "somebody disabled": work_of(code, "gone", PASSWORD),
        "a password that has ended": work_of(code, "new", PASSWORD),
    }

    assert wrong == [Work("verify", time_cost=2, memory_cost=102_400, parallelism=8)]
    assert others == dict.fromkeys(others, wrong)


@dataclass(frozen=True, kw_only=True)
class Work:
    """Something the hasher of passwords was asked to do, and what it costs."""

    what: str = field(kw_only=False)
    time_cost: int
    memory_cost: int
    parallelism: int


def work_at(what: str, params: Any) -> Work:
    return Work(
        what,
        time_cost=params.time_cost,
        memory_cost=params.memory_cost,
        parallelism=params.parallelism,
    )


def hashing_seen(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """All that the hasher of passwords does from now on."""
    seen: list[Work] = []
    verify, encode = Argon2PasswordHasher.verify, Argon2PasswordHasher.encode

    def seen_verify(hasher: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        seen.append(work_at("verify", hasher.decode(encoded)["params"]))
        return verify(hasher, password, encoded)

    def seen_encode(hasher: Argon2PasswordHasher, password: str, salt: str) -> str:
        seen.append(work_at("encode", hasher.params()))
        return encode(hasher, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "verify", seen_verify)
    monkeypatch.setattr(Argon2PasswordHasher, "encode", seen_encode)
    return seen
