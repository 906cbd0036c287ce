from pathlib import Path
from typing import NamedTuple

import pytest

from santong_launcher.postgres_programs import Kind, Programs, available, choose, of_kind
from santong_launcher.problems import Problem


def programs(major: int, kind: Kind) -> Programs:
    return Programs(directory=Path(f"/{kind}/{major}"), version=(major, 1), kind=kind)


SYSTEM_16, SYSTEM_15, WHEEL_18 = (
    programs(16, "system"),
    programs(15, "system"),
    programs(18, "wheel"),
)
ALL = (SYSTEM_16, SYSTEM_15, WHEEL_18)


class Case(NamedTuple):
    name: str
    chosen: Programs | None
    available: tuple[Programs, ...] = ALL
    forced: str = ""
    data_of: int | None = None


CASES = [
    Case("the system's newest comes first", chosen=SYSTEM_16),
    Case("without a system server the wheel's is taken", chosen=WHEEL_18, available=(WHEEL_18,)),
    Case("the wheel may be forced", chosen=WHEEL_18, forced="wheel"),
    Case("the system may be forced", chosen=SYSTEM_16, forced="system"),
    Case("no system server, none forced", chosen=None, forced="system", available=(WHEEL_18,)),
    Case("an unknown word is refused", chosen=None, forced="docker"),
    Case("with no programs at all it refuses", chosen=None, available=()),
    Case("data made by the wheel stay with the wheel", chosen=WHEEL_18, data_of=18),
    Case("data made by an older system server stay with it", chosen=SYSTEM_15, data_of=15),
    Case("data whose programs are gone are refused", chosen=None, data_of=17),
    Case("force does not override the data's version", chosen=None, forced="system", data_of=18),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_choice(case: Case, tmp_path: Path) -> None:
    if case.data_of:
        (tmp_path / "PG_VERSION").write_text(f"{case.data_of}\n")

    try:
        chosen = choose(available=case.available, data=tmp_path, forced=case.forced)
    except Problem:
        chosen = None

    assert chosen == case.chosen


def test_the_refusal_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("17\n")

    with pytest.raises(Problem, match="postgresql-17"):
        choose(available=ALL, data=tmp_path, forced="")


def test_the_wheel_is_always_there() -> None:
    wheel = of_kind(kind="wheel")

    assert wheel is not None
    assert wheel in available()
    assert of_kind(kind="wheel", major=wheel.major + 1) is None
