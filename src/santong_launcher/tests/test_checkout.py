import stat
from pathlib import Path
from typing import NamedTuple

import pytest

from santong_launcher import product
from santong_launcher.checkout import Checkout, exclusive
from santong_launcher.database import own_cluster
from santong_launcher.keys import kept_keys
from santong_launcher.problems import Problem


class Case(NamedTuple):
    name: str
    line: str
    value: str


CASES = [
    Case("a bare value", line="SANTONG_PORT=8001", value="8001"),
    Case("spaces around", line="  SANTONG_PORT = 8001  ", value="8001"),
    Case("as a shell would export it", line="export SANTONG_PORT=8001", value="8001"),
    Case("in double quotes", line='SANTONG_PORT="8001"', value="8001"),
    Case("in single quotes", line="SANTONG_PORT='8001'", value="8001"),
    Case("an equals sign in the value", line="SANTONG_PORT=a=b", value="a=b"),
    Case("nothing", line="SANTONG_PORT=", value=""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_dotenv(case: Case, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"# a comment\n\n{case.line}\n")

    configured = Checkout(root=tmp_path).configured

    assert configured["SANTONG_PORT"] == case.value


def test_a_line_that_says_nothing_is_refused_by_its_number(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SANTONG_PORT=1\nwhat is this\n")

    with pytest.raises(Problem, match="line 2"):
        assert Checkout(root=tmp_path).configured


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("SANTONG_PORT=8001\n")
    monkeypatch.setenv("SANTONG_PORT", "8002")

    configured = Checkout(root=tmp_path).configured

    assert configured["SANTONG_PORT"] == "8002"


def test_what_the_user_set_wins_over_what_was_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SANTONG_SECRET_KEY", raising=False)
    (tmp_path / ".env").write_text("SANTONG_SECRET_KEY=mine\n")

    environment = product.environment(checkout=Checkout(root=tmp_path), cluster=None)

    assert environment["SANTONG_SECRET_KEY"] == "mine"
    assert environment["SANTONG_VAR"] == str(tmp_path / "var")


def test_keys_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    first, second = kept_keys(folder=folder), kept_keys(folder=folder)

    assert first == second
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(key.stat().st_mode) for key in folder.iterdir()} == {0o600}


def test_half_a_configured_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANTONG_DATABASE_URL", "postgresql://app@db/santong")
    monkeypatch.delenv("SANTONG_OWNER_DATABASE_URL", raising=False)

    with pytest.raises(Problem, match="SANTONG_OWNER_DATABASE_URL is not"):
        own_cluster(checkout=Checkout(root=tmp_path))


def test_with_a_configured_database_no_cluster_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANTONG_DATABASE_URL", "postgresql://app@db/santong")
    monkeypatch.setenv("SANTONG_OWNER_DATABASE_URL", "postgresql://owner@db/santong")

    assert own_cluster(checkout=Checkout(root=tmp_path)) is None
    assert not (tmp_path / "var").exists()


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "run" / "up.lock"

    with exclusive(path=path, wait=False) as first, exclusive(path=path, wait=False) as second:
        held = (first, second)

    assert held == (True, False)
