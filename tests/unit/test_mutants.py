"""The catalogue of mutants (tests/chaos/mutants) fits the code: each can still be made, and differs from it."""

import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.sandbox.process import ROOT
from tests.chaos.mutants import __main__ as command
from tests.chaos.mutants.catalogue import CATALOGUE
from tests.chaos.mutants.mutant import Mutant, Outdated
from tests.chaos.mutants.scenes import PEACE, Seen


@pytest.mark.parametrize("mutant", CATALOGUE, ids=lambda mutant: mutant.name)
def test_each_mutant_of_the_catalogue_can_be_made_of_the_code_as_it_is(mutant: Mutant) -> None:
    assert mutant.mutated(ROOT) != (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.checks
    assert mutant.breaks


def test_there_are_enough_mutants_and_each_has_a_name_of_its_own() -> None:
    assert len(CATALOGUE) >= 25
    assert [name for name, number in Counter(one.name for one in CATALOGUE).items() if number > 1] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("a = 2\n", "0 times"), ("a = 1\na = 1\n", "2 times"), ("if a = 1", "no Python"), (None, "no one.py")],
)
def test_a_mutant_that_no_longer_fits_the_code_says_so(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "one.py").write_text(text)
    mutant = Mutant("one", "one.py", "a = 1", "a = 3", "it", PEACE, ("once",))
    with pytest.raises(Outdated, match=words):
        mutant.mutated(tmp_path)


@dataclass(frozen=True)
class Scene:
    """Breaks `check` when the tree's clock is `changed`."""

    changed: str
    check: str = "once"
    name: str = "by hand"

    def run(self, tree: Path, var: Path) -> Seen:
        var.mkdir(parents=True, exist_ok=True)
        with (var.parent.parent / "runs").open("a") as runs:
            runs.write(".")
        broken = self.changed in (tree / "shared/clock.py").read_text()
        return Seen(Counter({self.check: 2} if broken else {}), "", 0.1)


def mutant(scene: Scene, name: str = "a wrong clock", old: str = "return datetime.now(UTC)") -> Mutant:
    return Mutant(name, "shared/clock.py", old, "return datetime.min", "all", scene, ("once",))


@pytest.fixture
def var_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CM_VAR_DIR", str(tmp_path))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *mutants: Mutant, resume: bool = False) -> int:
    monkeypatch.setattr(command, "CATALOGUE", mutants)
    monkeypatch.setattr(sys, "argv", ["mutants", "--at-once", "1", *(["--resume"] if resume else [])])
    return command.main()


def test_a_pass_ends_with_1_when_a_mutant_survives_or_the_unchanged_product_does_not(
    var_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, mutant(Scene("datetime.min"))) == 0
    assert run(monkeypatch, mutant(Scene("never"))) == 1
    assert "SURVIVED (nothing; meant: once)" in capsys.readouterr().out
    assert run(monkeypatch, mutant(Scene("datetime.min", check="places"))) == 1  # of another check than it should
    assert run(monkeypatch, mutant(Scene("import"))) == 1
    assert "not: (unchanged) [by hand]" in capsys.readouterr().out
    assert run(monkeypatch, mutant(Scene("datetime.min"), old="no such line")) == 1
    assert "OUTDATED" in capsys.readouterr().out


def test_a_resumed_pass_tries_only_what_did_not_go_well_before(
    var_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    well, survivor = mutant(Scene("datetime.min")), mutant(Scene("never"), "a survivor")
    runs = var_folder / "mutants" / "runs"
    assert run(monkeypatch, well, survivor) == 1
    counted: list[str] = []
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: counted.append(runs.read_text()))
    runs.parent.mkdir(exist_ok=True)
    runs.write_text("")
    assert run(monkeypatch, well, survivor, resume=True) == 1
    assert counted[-1] == "."
