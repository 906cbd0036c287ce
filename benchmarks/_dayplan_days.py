"""Generated days: technicians and visits among points of a real city, or of one that is made up."""

from __future__ import annotations

import csv
import gzip
import math
import os
import random
from dataclasses import dataclass
from pathlib import Path

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.availability import Day, Work
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.day_plan import PlanPerson, PlanVisit
from santong.fieldservice.rules.travel import metres_between

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SANTONG_SHARED") or ROOT.parent / "shared")
SHOPS = SHARED / "data/stores/starbucks_world_2017.csv.gz"
CITIES = ("上海市", "北京市", "杭州市", "深圳市", "广州市", "成都市", "苏州市", "南京市")
MADE_UP = "made up"

PEOPLE, VISITS = 20, 200
MINUTE_ZERO = 29_000_160
SHIFTS = (Span(480, 720), Span(780, 1_080))
WINDOWS = (Span(480, 600), Span(600, 720), Span(780, 900), Span(840, 960), Span(960, 1_080))
SKILLS = ("cabinet", "water", "light", "wardrobe")
WORK_MINUTES = (15, 20, 30, 40)
FURTHEST_METRES = 18_000
SPEED = Speed()


@dataclass(frozen=True)
class WorkingDay:
    """A day as it is asked for: who can come, and the visits in the order in which they came in."""

    city: str
    seed: int
    people: tuple[PlanPerson, ...]
    visits: tuple[PlanVisit, ...]


def working_day(*, seed: int, people: int = PEOPLE, visits: int = VISITS) -> WorkingDay:
    """The day of a seed; the same seed, the same day."""
    chance = random.Random(seed)
    city, points = _city(seed, chance)
    wanted = tuple(_visit(number + 1, _near(points, chance), chance) for number in range(visits))
    return WorkingDay(
        city=city,
        seed=seed,
        people=tuple(
            _person(number + 1, _near(points, chance), wanted, chance) for number in range(people)
        ),
        visits=wanted,
    )


def _visit(number: int, point: Point, chance: random.Random) -> PlanVisit:
    begins, ends = chance.choice(WINDOWS)
    return PlanVisit(
        visit_id=number,
        point=point,
        window=Span(MINUTE_ZERO + begins, MINUTE_ZERO + ends),
        work=Work(0, chance.choice(WORK_MINUTES), 5),
        skills=frozenset({chance.choice(SKILLS)}),
    )


def _person(
    number: int, home: Point, visits: tuple[PlanVisit, ...], chance: random.Random
) -> PlanPerson:
    return PlanPerson(
        technician_id=number,
        skills=frozenset(chance.sample(SKILLS, 3)),
        covered=frozenset(
            each.visit_id for each in visits if metres_between(home, each.point) <= FURTHEST_METRES
        ),
        day=Day(
            home=home,
            shifts=tuple(Span(MINUTE_ZERO + a, MINUTE_ZERO + b) for a, b in SHIFTS),
            stops=(),
            speed=SPEED,
        ),
    )


def _near(points: list[Point], chance: random.Random) -> Point:
    """Somewhere within some hundred metres of a known point: people live where shops are."""
    middle = chance.choice(points)
    return Point(
        middle.latitude + chance.gauss(0, 0.004), middle.longitude + chance.gauss(0, 0.004)
    )


def _city(seed: int, chance: random.Random) -> tuple[str, list[Point]]:
    if not SHOPS.exists():
        return MADE_UP, [_somewhere(chance) for _ in range(150)]
    city = CITIES[seed % len(CITIES)]
    with gzip.open(SHOPS, "rt", encoding="utf-8") as file:
        points = [
            Point(float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
            if row["country"] == "CN" and row["city"] == city
        ]
    return city, _around_the_middle(points)


def _around_the_middle(points: list[Point]) -> list[Point]:
    """The points of the city itself: a municipality goes on for a hundred kilometres."""
    middle = Point(
        sorted(each.latitude for each in points)[len(points) // 2],
        sorted(each.longitude for each in points)[len(points) // 2],
    )
    return [each for each in points if metres_between(middle, each) <= FURTHEST_METRES]


def _somewhere(chance: random.Random) -> Point:
    angle, away = chance.uniform(0, 2 * math.pi), abs(chance.gauss(0, 0.07))
    return Point(30.25 + away * math.sin(angle), 120.15 + away * math.cos(angle))
