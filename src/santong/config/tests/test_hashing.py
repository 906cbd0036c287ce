"""How the product keeps passwords; tests that do not ask about it hash with next to no work."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from pytest_django.fixtures import Settings

from santong.config import settings as product


def test_a_password_is_kept_by_argon2_at_its_full_price(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS

    kept = make_password("correct horse battery")

    assert kept.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert check_password("correct horse battery", kept)
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
