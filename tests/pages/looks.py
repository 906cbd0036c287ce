"""How people look at a page: on which screen, by which light, in which language."""

from __future__ import annotations

from typing import Literal, NamedTuple

from playwright.sync_api import ViewportSize

Light = Literal["light", "dark"]

SMALLEST: ViewportSize = {"width": 360, "height": 740}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
SIZES = {"desktop": DESK, "phone": PHONE}


class Look(NamedTuple):
    """How somebody looks at a page."""

    light: Light
    screen: ViewportSize
    language: str

    def __str__(self) -> str:
        return f"{self.light}-{self.screen['width']}-{self.language}"


# Both widths in both lights; the language changes with either, so that each meets each.
LOOKS = [
    Look("light", SMALLEST, "zh-hans"),
    Look("dark", DESK, "zh-hans"),
    Look("dark", SMALLEST, "en"),
    Look("light", DESK, "en"),
]
