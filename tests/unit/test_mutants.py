"""The catalogue of mutants (tests/chaos/mutants) fits the code: each can still be made, and differs from it."""

from collections import Counter
from pathlib import Path

import pytest

from deploy.local.process import ROOT
from tests.chaos.mutants.catalogue import CATALOGUE
from tests.chaos.mutants.mutant import Mutant, Outdated
from tests.chaos.mutants.scenes import PEACE


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
