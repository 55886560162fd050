"""Cells of CSV files: no spreadsheet takes one for a formula, whatever its separator; escaped cells are read back."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.admin_api.framework.csv_response import escape_formula, iter_csv, unescape_formula

ATTACKS = [
    "=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(1)", " =1+1", "\t=1+1", "\xa0=1", "\u3000=1", "\u200b=1", "\ufeff=1",
    "＝1+1", "＋1", "－1", "＠SUM(1)", "−1", ";=1+1;", "a;=1+1;b", "a; =1+1;", "a\t=1+1", "a\n=1+1", "a\r=1", 'a;"=1',
    ";＝1", "\x00=1", "'=1",
]  # fmt: skip
TEXTS = st.text(st.sampled_from("=+-@＝;\t\r\n '\"a1,\u3000"), max_size=12)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells as a spreadsheet of that locale sees them: a quote holds a text together only where a cell begins."""
    return [cell for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter) for cell in row]


def is_computed(cell: str) -> bool:
    """Whether a lenient spreadsheet may take it for a formula: one that trims invisible characters and quotes and
    folds full-width characters.
    """
    visible = [character for character in cell if unicodedata.category(character)[0] not in "ZC" and character != '"']
    return unicodedata.normalize("NFKC", "".join(visible[:1])).replace("−", "-") in ("=", "+", "-", "@")


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_text_becomes_a_formula(text: str, delimiter: str) -> None:
    for line in iter_csv(["x", "note", "y"], [["first", text, "last"]]):
        assert not any(map(is_computed, cells_of(line, delimiter))), line


@given(TEXTS, st.sampled_from([",", ";", "\t"]))
def test_no_text_of_these_characters_becomes_a_formula(text: str, delimiter: str) -> None:
    for line in iter_csv(["x", "note", "y"], [["first", text, "last"]]):
        assert not any(map(is_computed, cells_of(line, delimiter))), line


@given(TEXTS)
def test_what_was_escaped_reads_back(text: str) -> None:
    assert unescape_formula(str(escape_formula(text))) == text


def test_every_text_is_quoted_and_numbers_stay_numbers() -> None:
    assert list(iter_csv(["name", "n"], [["a", -5], [None, 1.5]])) == ['"name","n"\r\n', '"a",-5\r\n', '"",1.5\r\n']
