"""What `./santong` can be told."""

import tomllib
from dataclasses import dataclass
from typing import Literal

from santong_launcher.checkout import this_checkout
from santong_launcher.problems import Problem
from santong_launcher.steps import say

LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `./santong`. `needs` says which packages must be installed first."""

    usage: str
    purpose: str
    needs: Literal["runtime", "dev", "installed"] | None = "runtime"
    steps: int = 1

    @property
    def name(self) -> str:
        """The word itself."""
        return self.usage.split()[0]


COMMANDS = (
    Command(
        usage="up [--port N] [--host ADDRESS] [--detach]",
        purpose="set everything up and run the site; ctrl-C stops it",
        steps=6,
    ),
    Command(usage="down", purpose="stop what this checkout started", needs="installed"),
    Command(usage="doctor", purpose="check the invariants of the live system"),
    Command(usage="replay DIR", purpose="route published orders and report what it gained"),
    Command(usage="simulate …", purpose="let the demo merchant's stores and carriers work"),
    Command(usage="bench [NAME] [--json]", purpose="measure one path; without NAME, list them"),
    Command(usage="chaos [--orders N]", purpose="let money through a storm, and compare all books"),
    Command(
        usage="test [--fast] [-- ARGUMENTS]",
        purpose="all that CI runs; ARGUMENTS go to pytest",
        needs="dev",
    ),
    Command(usage="manage …", purpose="any Django command, with this checkout's database"),
    Command(usage="shell", purpose="a Python prompt inside the product"),
    Command(
        usage="new-context NAME [--below OTHER]",
        purpose="write a skeleton",
        needs="dev",
    ),
    Command(usage="lock", purpose="pin the packages anew: requirements*.lock", needs="dev"),
    Command(usage="version", purpose="print the version", needs=None),
    Command(usage="help", purpose="print this", needs=None),
)


def find(*, name: str) -> Command:
    """The command of that name. Raises Problem when there is none."""
    wanted = {"-h": "help", "--help": "help", "--version": "version"}.get(name, name)
    for command in COMMANDS:
        if command.name == wanted:
            return command
    raise Problem(f"there is no command {name!r}; ./santong help lists them.")


def explain(*, name: str) -> None:
    """Answer `version` and `help`."""
    project = tomllib.loads((this_checkout().root / "pyproject.toml").read_text())["project"]
    if name in {"version", "--version"}:
        say(f"santong {project['version']}")
        return
    say(f"{project['description']}\n")
    for command in COMMANDS:
        say(f"  ./santong {command.usage:<44} {command.purpose}")
