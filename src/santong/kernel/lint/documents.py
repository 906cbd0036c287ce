"""What written files must keep. Each rule returns its violations as sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_HTML = re.compile(r"(?:src|href)=\"([^\"]+)\"")
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")

_COMMAND = re.compile(r"\./santong ([a-z][a-z-]*)(?: ([a-z_]+))?")
_VARIABLE = re.compile(r"\bSANTONG_[A-Z_]*[A-Z]\b")
_REGISTRY = re.compile(
    r"(?:\b|_)(?:index[-_]url|find-links|trusted-host|registry)\s*[= ]\s*[\"']?https?://"
    r"|https?://[^\s\"'<>]*(?:pypi|pythonhosted|npmjs|npmmirror|artifactory|nexus)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://")
_MACHINE_PATH = re.compile(r"(?<![\w./*-])/(?:home|root|Users|work|farm|mnt|media)/[A-Za-z0-9_.-]+")


def broken_links(documents: Iterable[Path], *, root: Path) -> list[str]:
    """A link inside the repository leads to a file, and to a heading where it names one."""
    return [
        f"{document.relative_to(root)} -> {target}"
        for document in documents
        for target in _targets(document.read_text(encoding="utf-8"))
        if not _leads_somewhere(target, document=document, root=root)
    ]


def registry_addresses(text_by_name: Mapping[str, str]) -> list[str]:
    """Where packages come from is the machine's business; lock files carry no address at all."""
    return [
        f"{name}:{number} names a package registry"
        for name, text in text_by_name.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if _REGISTRY.search(line) or (_is_lock(name) and _ADDRESS.search(line))
    ]


def machine_paths(text_by_name: Mapping[str, str]) -> list[str]:
    """No file knows where somebody's machine keeps things."""
    return [
        f"{name}:{number} knows {match.group()}"
        for name, text in text_by_name.items()
        for number, line in enumerate(text.splitlines(), start=1)
        for match in _MACHINE_PATH.finditer(line)
    ]


def contexts_without_a_page(
    contexts: Mapping[str, Path], *, stateful_by_context: Mapping[str, Iterable[str]]
) -> list[str]:
    """Every context has its page, with a state diagram for what goes through states."""
    return [
        f"{context} {complaint}"
        for context, folder in contexts.items()
        for complaint in _complaints_about_page(folder, stateful_by_context.get(context, ()))
    ]


def commands_that_do_not_exist(
    text_by_name: Mapping[str, str], *, ours: Collection[str], djangos: Collection[str]
) -> list[str]:
    """What a document tells a reader to type, in code, can be typed."""
    return [
        f"{name} says ./santong {command} {subcommand}".rstrip()
        for name, text in text_by_name.items()
        for command, subcommand in _COMMAND.findall(_code(text))
        if command not in ours or (command == "manage" and subcommand not in {"", *djangos})
    ]


def variables_that_do_not_exist(
    text_by_name: Mapping[str, str], *, known: Collection[str]
) -> list[str]:
    """A setting that a document speaks of is one that is read."""
    return [
        f"{name} speaks of {variable}"
        for name, text in text_by_name.items()
        for variable in _VARIABLE.findall(text)
        if variable not in known
    ]


def _code(text: str) -> str:
    fenced = [match.group() for match in _FENCE.finditer(text)]
    return "\n".join([*fenced, *_CODE.findall(_FENCE.sub("", text))])


def _targets(text: str) -> Iterator[str]:
    prose = _CODE.sub("", _FENCE.sub("", text))
    for pattern in (_LINK, _REFERENCE, _HTML):
        for match in pattern.finditer(prose):
            if not _ELSEWHERE.match(match.group(1)):
                yield match.group(1)


def _leads_somewhere(target: str, *, document: Path, root: Path) -> bool:
    path, _, heading = target.partition("#")
    base = root if path.startswith("/") else document.parent
    found = (base / path.lstrip("/")).resolve() if path else document
    if not found.exists() or not found.is_relative_to(root):
        return False
    return not heading or heading in _anchors(found)


def _anchors(document: Path) -> set[str]:
    if document.suffix != ".md":
        return set()
    prose = _FENCE.sub("", document.read_text(encoding="utf-8"))
    return {_anchor(match.group(1)) for match in _HEADING.finditer(prose)}


def _anchor(heading: str) -> str:
    """The way the usual hosts make one: lower case, no punctuation, dashes for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _is_lock(name: str) -> bool:
    return Path(name).suffix == ".lock" or Path(name).name in {
        "package-lock.json",
        "pnpm-lock.yaml",
    }


def _complaints_about_page(folder: Path, stateful: Iterable[str]) -> Iterator[str]:
    page = folder / "README.md"
    if not page.is_file():
        yield "has no README.md"
        return
    text = page.read_text(encoding="utf-8")
    if any(stateful) and "stateDiagram" not in text:
        yield f"has states ({', '.join(stateful)}) and no mermaid state diagram in its README.md"
