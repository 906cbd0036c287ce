"""Somebody at the log-in page."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.test import Client

from santong.merchants.tests.factories import PASSWORD

ME = "/api/v1/me"


def log_in(
    client: Client,
    code: str,
    *,
    address: str,
    login: str = "lin",
    password: str = PASSWORD,
    onward: str = "",
) -> HttpResponse:
    typed = {"merchant": code, "login": login, "password": password, "next": onward}
    return cast("HttpResponse", client.post("/log-in/", typed, REMOTE_ADDR=address))
