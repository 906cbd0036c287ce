"""The product as the launcher sees it: an environment, and commands to run in it."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from santong_launcher.checkout import Checkout
from santong_launcher.keys import Keys, kept_keys
from santong_launcher.postgres import Cluster
from santong_launcher.problems import Problem

TABLES = ("migrate_cells",)
# What pages are rendered with.
PAGES = (("compile_messages",), ("collectstatic", "--noinput", "--verbosity=0"))
LOOPBACK = "127.0.0.1,localhost,[::1]"


def environment(*, checkout: Checkout, cluster: Cluster | None) -> dict[str, str]:
    """What the product reads: what the user configured, over what the launcher made."""
    keys = kept_keys(folder=checkout.var / "secrets")
    return {
        **generated(cluster=cluster, keys=keys),
        **checkout.configured,
        **_fixed(checkout=checkout, var=checkout.var),
    }


def throw_away_environment(
    *, checkout: Checkout, cluster: Cluster, keys: Keys, var: Path
) -> dict[str, str]:
    """For tests: nothing of this installation, only the machine and the shared test data."""
    return {
        **machine_environment(checkout=checkout),
        **generated(cluster=cluster, keys=keys),
        **_fixed(checkout=checkout, var=var),
    }


def machine_environment(*, checkout: Checkout) -> dict[str, str]:
    """For what brings an installation of its own: this machine, the sources, the shared data."""
    machine = {
        name: value
        for name, value in checkout.configured.items()
        if not name.startswith("SANTONG_") and name not in {"PGHOST", "PGPORT", "PGUSER"}
    }
    shared = checkout.configured.get("SANTONG_SHARED") or str(checkout.root.parent / "shared")
    return {
        **machine,
        **({"SANTONG_SHARED": shared} if Path(shared).is_dir() else {}),
        "PYTHONPATH": str(checkout.root / "src"),
    }


def generated(*, cluster: Cluster | None, keys: Keys) -> dict[str, str]:
    """The values nobody had to choose."""
    database = (
        {
            "SANTONG_DATABASE_URL": cluster.app_url,
            "SANTONG_OWNER_DATABASE_URL": cluster.owner_url,
        }
        if cluster
        else {}
    )
    return {
        **database,
        "SANTONG_SECRET_KEY": keys.secret_key,
        "SANTONG_MASTER_KEY": keys.master_key,
        "SANTONG_DEBUG": "0",
        "SANTONG_ALLOWED_HOSTS": LOOPBACK,
    }


def manage(*, checkout: Checkout, arguments: Sequence[str]) -> list[str]:
    """The command line of a Django command."""
    return [str(checkout.venv_python), "-P", "-m", "santong", *arguments]


def prepare(
    *, checkout: Checkout, commands: Sequence[Sequence[str]], environment: Mapping[str, str]
) -> None:
    """Run Django commands one after the other, into a log.

    Raises Problem with the log's end when one fails.
    """
    log = checkout.log("prepare")
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [word for command in commands for word in ("--", *command)]
    with log.open("w") as written:
        finished = subprocess.run(
            [str(checkout.venv_python), "-P", "-m", "santong_launcher.several", *words],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            check=False,
        )
    if finished.returncode != 0:
        raise Problem(f"the database or the pages could not be prepared.\n{end_of(log=log)}")


def run_in_front(*, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command at the terminal, which hears what the launcher is told; its exit status."""
    running = subprocess.Popen(command, env=dict(environment))

    def pass_on(number: int, _frame: FrameType | None) -> None:
        running.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            # The terminal told the command too; it may have something to finish.
            continue


def end_of(*, log: Path) -> str:
    """The last lines of a log and where the rest is."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-15:]
    except OSError:
        lines = []
    return "\n".join([*lines, f"The whole log: {log}"])


def _fixed(*, checkout: Checkout, var: Path) -> dict[str, str]:
    return {
        "SANTONG_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "santong.config.settings",
        "PYTHONPATH": str(checkout.root / "src"),
    }
