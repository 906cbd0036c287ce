"""A walk through many pages in one language: each is opened once, and looked at on every screen.

Every screen gets the same page, and a stylesheet lays it out: so a page need not be asked for again
where only the screen is another. `Visit.look_as` opens those anew that draw for the room they find.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import ViewportSize

from tests.pages.axe import bring_along, faults, fold_again, unfold
from tests.pages.looks import LOOKS, SIZES, Light, Look
from tests.pages.site import Visit


@dataclass(kw_only=True)
class Found:
    """What a page was like."""

    status: int
    own_words: str
    text_by_size: dict[str, str] = field(default_factory=dict)
    sideways_by_size: dict[str, int] = field(default_factory=dict)
    faults_by_look: dict[str, list[str]] = field(default_factory=dict)


class Stop(NamedTuple):
    """One screen in one light, and what is done there."""

    screen: ViewportSize
    light: Light
    look: Callable[[str, Found], None]


@dataclass(kw_only=True)
class Walk:
    """Who walks, in which language, where the pictures go, and which pages draw something."""

    seen: Visit
    language: str
    pictures: Path | None
    prefix: str = ""
    drawn: Collection[str] = ()
    found: dict[str, Found] = field(default_factory=dict)
    complaints: Sequence[str] = ()

    def through(self, pages: Mapping[str, str], *, read: bool = True, judged: bool = True) -> None:
        """Go to each page by its path: it is read in every size, judged in every look."""
        if judged:
            bring_along(self.seen.page)
        stops = [*(self._readings() if read else ()), *(self._judgements() if judged else ())]
        # What a narrow page scrolls to when it is opened, no wide one needs to: not the other way.
        stops.sort(key=lambda stop: stop.screen["width"])
        for name, path in pages.items():
            self.seen.look_as(stops[0].screen, stops[0].light)
            status = self.seen.go(path)
            fresh = Found(status=status, own_words=own_words(self.seen))
            found = self.found.setdefault(name, fresh)
            for stop in stops:
                self.seen.look_as(stop.screen, stop.light)
                if name in self.drawn:
                    self.seen.page.wait_for_selector("[data-drawn=yes]")
                stop.look(name, found)

    def faults_in(self, look: Look) -> dict[str, list[str]]:
        """What shuts somebody out, by the name of each page that was judged in this look."""
        return {
            name: found.faults_by_look[str(look)]
            for name, found in self.found.items()
            if str(look) in found.faults_by_look
        }

    def _readings(self) -> list[Stop]:
        def reads(size: str) -> Callable[[str, Found], None]:
            def read(name: str, found: Found) -> None:
                self._photograph(f"{name}-{size}-{self.language}")
                found.text_by_size[size] = self.seen.text()
                found.sideways_by_size[size] = self.seen.sideways()

            return read

        return [Stop(screen, "light", reads(size)) for size, screen in SIZES.items()]

    def _judgements(self) -> list[Stop]:
        def judges(look: Look) -> Callable[[str, Found], None]:
            def judge(name: str, found: Found) -> None:
                unfold(self.seen.page, within="main")
                self._photograph(f"{name}-{look}")
                found.faults_by_look[str(look)] = faults(self.seen)
                fold_again(self.seen.page)

            return judge

        own = [look for look in LOOKS if look.language == self.language]
        return [Stop(look.screen, look.light, judges(look)) for look in own]

    def _photograph(self, name: str) -> None:
        """For people: no test looks at a picture."""
        if self.pictures is not None:
            path = self.pictures / f"{self.prefix}{name}.png"
            self.seen.page.screenshot(path=path, full_page=True)


def own_words(seen: Visit) -> str:
    """A page's own words: what stands in monospace is data."""
    return str(
        seen.page.evaluate(
            "(() => { const copy = document.body.cloneNode(true);"
            "copy.querySelectorAll('.mono, time').forEach((each) => each.remove());"
            "return copy.textContent; })()"
        )
    )
