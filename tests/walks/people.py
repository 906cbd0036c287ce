"""People at their screens: what they click and fill in, and a picture of each step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, FilePayload, Locator, ViewportSize

from santong.evidence.tests.factories import make_photo
from santong.merchants.tests.factories import PASSWORD
from tests.pages.looks import DESK, PHONE
from tests.pages.site import LOOPBACK, Visit, visitor
from tests.pages.walk import own_words

# What is not there by then does not come: everything is on this machine.
PATIENCE_MILLISECONDS = 30_000
TABLET: ViewportSize = {"width": 820, "height": 1180}
# Words in a row that are not Chinese: a name of one word may be anything.
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")


@dataclass(kw_only=True)
class Album:
    """The pictures of one walk, numbered in the order of its steps."""

    folder: Path | None
    walk: str
    steps: int = 0

    def keep(self, seen: Visit, name: str) -> None:
        """For people: no test looks at a picture."""
        self.steps += 1
        if self.folder is not None:
            path = self.folder / f"{self.walk}-{self.steps:02}-{name}.png"
            seen.page.screenshot(path=path, full_page=True)


@dataclass(kw_only=True)
class Person:
    """Somebody at a screen, who reads Chinese."""

    seen: Visit
    album: Album
    name: str

    def opens(self, path: str) -> None:
        """Go to a page that has to be there."""
        assert self.seen.go(path) == 200, path

    def clicks(self, what: str, *, within: str = "main") -> None:
        """Click the button, link or fold that says so: the whole of its words."""
        place = self.seen.page.locator(within)
        said = re.compile(rf"^\s*{re.escape(what)}\s*$")
        found = place.locator("button, a, summary").filter(has_text=said)
        try:
            found.locator("visible=true").first.click()
        except Error:
            self.album.keep(self.seen, f"{self.name}-没有-{what}")
            raise
        self.seen.settle()

    def fills(self, label: str, value: str, *, within: str = "main") -> None:
        self._field(label, within).fill(value)

    def chooses(self, label: str, value: str, *, within: str = "main") -> None:
        self._field(label, within).select_option(label=value)

    def shows_photos(self, *colours: str, within: str = "main") -> None:
        """Put pictures into the form that is open."""
        files: list[FilePayload] = [
            {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": make_photo(colour=colour)}
            for colour in colours
        ]
        place = self.seen.page.locator(within)
        place.locator("input[type=file]").locator("visible=true").first.set_input_files(files)

    def sees(self, step: str, *words: str) -> str:
        """Look at the page as it is; all of these words stand on it, and it fits the screen."""
        self.album.keep(self.seen, f"{self.name}-{step}")
        text = self.seen.text()
        assert [word for word in words if word not in text] == [], (step, text)
        assert self.seen.sideways() <= 0, step
        assert ENGLISH.findall(own_words(self.seen)) == [], step
        return text

    def _field(self, label: str, within: str) -> Locator:
        place = self.seen.page.locator(within)
        fields = place.locator("input, select, textarea")
        named = place.get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        return fields.and_(named).locator("visible=true").first


@dataclass(kw_only=True)
class People:
    """Everybody who takes part in one walk."""

    browser: Browser
    address: str
    album: Album
    merchant_code: str = ""
    persons: list[Person] = field(default_factory=list)

    def buyer(self) -> Person:
        """Somebody with a phone, who is nobody here."""
        return self._somebody("买家", PHONE)

    def clerk(self, login: str, *, name: str = "店员", screen: ViewportSize = DESK) -> Person:
        """Somebody who works here, logged in."""
        person = self._somebody(name, screen)
        person.seen.log_in(merchant=self.merchant_code, login=login, password=PASSWORD)
        return person

    def technician(self, login: str, *, at: dict[str, float]) -> Person:
        """A technician with a phone that knows where it is."""
        person = self.clerk(login, name="师傅", screen=PHONE)
        context = person.seen.page.context
        context.grant_permissions(["geolocation"], origin=self.address)
        context.set_geolocation({"latitude": at["latitude"], "longitude": at["longitude"]})
        return person

    def _somebody(self, name: str, screen: ViewportSize) -> Person:
        context, seen = visitor(self.browser, self.address)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        seen.page.set_viewport_size(screen)
        seen.page.on("dialog", lambda asked: asked.accept())
        person = Person(seen=seen, album=self.album, name=name)
        self.persons.append(person)
        return person


@contextmanager
def gathered(people: People) -> Iterator[People]:
    """They take part, and go home; nobody's browser asked elsewhere or broke."""
    try:
        yield people
        for person in people.persons:
            assert person.seen.hosts <= LOOPBACK
            assert [each for each in person.seen.complaints if " 4" not in each] == []
    finally:
        for person in people.persons:
            person.seen.page.context.close()
