"""Files, sections, tests, make targets and modules that documents, docstrings and comments name exist."""

import builtins
import functools
import importlib.util
import io
import os
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {"node_modules", "dist", "var", "__pycache__", "screenshots"}
REFERENCE = ROOT / "services" / "dialer_sync" / "ucce" / "REFERENCE.md"
ARCHITECTURE = ROOT / "services" / "README.md"

# Names of files outside of the repository: of other programs, or made at run time.
ELSEWHERE = {"zoo.cfg", "index.html", "campaign.js"}
# Documents outside of the repository that earlier versions cited.
GONE = ("ucce" "-reference", "hds" "-reader", "names" "-and-layout", "style" "-anchors", "http" "-api.md",
        "product" ".md", "architecture" ".md", "product" " decision", "/work" "/")  # fmt: skip

# Whole words that may be paths; `*` stands for several files, `<…>` and `…` for any.
_WORD = re.compile(r"(?<![\w./~<>*…-])[\w./<>*…-]+")
_IS_FILE = re.compile(r"\w\.(?:py|md|sql|cfg|env|yml|toml|ts|html|scss|svg|sh|conf|service)$")
_IS_PATH = re.compile(r"(?:shared|services|deploy|haproxy|tests)/.*\w")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_NUMBERS = r"\d+(?:\.\d+)*(?:(?:, | and |–|\.\.)\d+(?:\.\d+)*)*"


@functools.cache
def files(*endings: str) -> tuple[Path, ...]:
    """The repository's files with these endings (all of them without)."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and (name[0] != "." or name == ".ci")]
        found += [Path(folder, name) for name in names if name != ".git" and name.endswith(endings or "")]
    return tuple(sorted(found))


DOCUMENTS = files(".md")
PROGRAMS = files(".py")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def prose(path: Path) -> str:
    """A document, or a program's comments and docstrings; wrapped lines are joined."""
    text = path.read_text()
    if path.suffix == ".py":
        text = _comments(text)
    return re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?:#|//|--|\*)?[ \t]*(?=\S)", " ", text) if path.suffix != ".md" else text


def _comments(source: str) -> str:
    """Comments, and the strings in triple quotes: docstrings, and a few scripts."""
    said = [""]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            said.append(token.string.lstrip("# "))
        elif token.type == tokenize.STRING and token.string.startswith('"""'):
            said += ["", token.string.strip('"'), ""]
    return "\n".join(said)


def named_files(text: str) -> set[str]:
    words = {word.rstrip(".-") for word in _WORD.findall(text)}
    return {word for word in words if (_IS_FILE.search(word) or _IS_PATH.match(word)) and word[0] not in "/."
            and not re.search(r"[<>…]|^var/|^services/(admin_portal|finesse_gadget)/dist$", word)}  # fmt: skip


def is_there(named: str, citing: Path) -> bool:
    """A path from the root, from the citing file's folder, or the last parts of some file's path."""
    if "*" in named:
        return any(ROOT.glob(named))
    return named in _ends_of_paths() or (ROOT / named).exists() or (citing.parent / named).exists()


@functools.cache
def _ends_of_paths() -> set[str]:
    paths = [name_of(path).split("/") for path in files()]
    return ELSEWHERE | {"/".join(parts[first:]) for parts in paths for first in range(len(parts))}


@functools.cache
def anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in headings(document)}


@functools.cache
def headings(document: Path) -> tuple[str, ...]:
    without_code = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    return tuple(re.findall(r"^#+ (.+)$", without_code, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    dead = []
    for link in _LINK.findall(document.read_text()):
        target, _, anchor = link.partition("#")
        path = (document.parent / target).resolve() if target else document
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            dead.append(link)
    assert dead == []


def test_every_file_that_is_named_exists() -> None:
    dead, found = [], 0
    for path in [*DOCUMENTS, *PROGRAMS]:
        named = named_files(prose(path))
        found += len(named)
        dead += [(name_of(path), name) for name in sorted(named) if not is_there(name, path)]
    assert found > 300
    assert dead == []


def test_every_cited_section_of_the_reference_exists() -> None:
    known = {match[1] for title in headings(REFERENCE) if (match := re.match(r"(\d+(?:\.\d+)*)\.? ", title))}
    assert "1.5.3" in known
    dead = []
    for path in files(".py", ".md", ".sql", ".ts", ".env", ".cfg", ".yml"):
        cited = re.findall(rf"REFERENCE\.md`? ({_NUMBERS})", prose(path))
        dead += [(name_of(path), number) for numbers in cited for number in re.findall(r"\d+(?:\.\d+)*", numbers)
                 if number not in known]  # fmt: skip
    assert dead == []


def test_every_cited_decision_exists() -> None:
    section = ARCHITECTURE.read_text().split("\n## Decisions\n")[1].split("\n## ")[0]
    known = re.findall(r"^(\d+)\. \*\*", section, re.MULTILINE)
    assert len(known) == len(set(known)) >= 18
    dead, found = [], 0
    for path in files(".py", ".md", ".sql", ".ts", ".env"):
        for numbers in re.findall(r"services/README\.md, decisions? (\d+(?: and \d+)?)", prose(path)):
            found += 1
            dead += [(name_of(path), number) for number in numbers.split(" and ") if number not in known]
    assert found > 5
    assert dead == []


def test_every_section_that_is_cited_by_its_title_exists() -> None:
    dead, found = [], 0
    for path in files(".py", ".md", ".sql", ".ts", ".env"):
        for document, title in re.findall(r"((?:[\w-]+/)*(?:README|CONTRIBUTING)\.md), \"([^\"]+)\"", prose(path)):
            found += 1
            if title.replace("\n", " ") not in headings(ROOT / document):
                dead.append((name_of(path), document, title))
    assert found > 5
    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_name_that_a_document_cites_stands_in_its_file(document: Path) -> None:
    """Written as a path, a colon and names, each in backticks."""
    dead = []
    for file, names in re.findall(r"`([\w/]+\.py)`: (`\w+`(?:, `\w+`)*)", document.read_text()):
        ends = [path for path in PROGRAMS if f"/{name_of(path)}".endswith(f"/{file}")]
        source = "".join(path.read_text() for path in ends)
        dead += [(file, name) for name in re.findall(r"\w+", names)
                 if not re.search(rf"\b(?:def|class) {name}\b|^ *{name}\b.*[:=]", source, re.MULTILINE)]  # fmt: skip
    assert dead == []


def test_every_error_that_a_docstring_says_is_raised_exists() -> None:
    known = set(dir(builtins))
    for path in PROGRAMS:
        known |= set(re.findall(r"\w+", re.sub(r'""".*?"""|#[^\n]*', "", path.read_text(), flags=re.DOTALL)))
    dead, found = [], 0
    for path in PROGRAMS:
        for raised in re.findall(r"\bRaises ([^.;(]+)", prose(path)):
            names = re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)*\b", raised)
            found += len(names)
            dead += [(name_of(path), name) for name in names if name not in known]
    assert found > 100
    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    """Those that stand without their file."""
    sources = "".join(path.read_text() for path in PROGRAMS if path.name.startswith("test_"))
    named = re.findall(r"`(test_\w+)`", document.read_text())
    assert [name for name in named if f"def {name}(" not in sources] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    modules = set(re.findall(r"python -m\s+((?:shared|services|deploy|tests)\.[\w.]*\w)", text))
    asked = set(re.findall(r"(?:`|^    |^)make ([a-z][\w-]*)", text, re.MULTILINE))
    assert asked - targets == set()
    assert [module for module in sorted(modules) if importlib.util.find_spec(module) is None] == []


def test_nothing_cites_a_document_that_the_repository_does_not_hold() -> None:
    dead = []
    for path in files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        dead += [(name_of(path), old) for old in GONE if old in text]
    assert dead == []
