"""The asynchronous process, which granian serves: what stays open, and what programs hold open."""

from __future__ import annotations

import importlib.util
import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santong.config.settings")
django.setup(set_prefix=False)

from santong.config.streams import Streams  # noqa: E402  the settings stand from here
from santong.kernel.settled import settle  # noqa: E402

# Each has `MOUNTS`, a sequence of `kernel.streams.Mount`.
OFFERING = ("santong.messaging.asgi", "santong.agents.asgi")

application = Streams(
    mounts=[
        mount
        for module in OFFERING
        if importlib.util.find_spec(module)
        for mount in import_module(module).MOUNTS
    ]
)
settle()
