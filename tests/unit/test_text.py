"""Cleaning of pasted text, and the keys by which names are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import NAME_KEY_LENGTH, clean_line, clean_lines, name_key

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
# What keyboards, web pages and contact lists put between letters.
PASTED = st.text(
    st.sampled_from(
        "aB9é\u0628\u06cc👩💻 \t\n\u00a0\u2003\u3000\u200b\u200c\u200d\u200e\u202a\u202c\u2066\ufeff\u00ad"
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("Ada", "Ada"),
        ("  Ada \t Lovelace\r\n", "Ada Lovelace"),
        ("Ada\u00a0Lovelace", "Ada Lovelace"),  # no-break space
        ("Ada\u3000Lovelace\u3000", "Ada Lovelace"),  # ideographic space
        ("Ada\u2003\u200aLovelace", "Ada Lovelace"),  # em and hair space
        ("\u202aAda\u202c \u2066Lovelace\u2069\u200e\u200f", "Ada Lovelace"),  # direction marks
        ("\ufeffA\u200bd\u2060a\u00ad", "Ada"),  # byte order mark, zero-width space, word joiner, soft hyphen
        ("A\u200cd\u200da", "Ada"),  # joiners that join nothing
        ("\u200d\u0639\u0644\u06cc\u200c", "\u0639\u0644\u06cc"),
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),  # Ali-Reza
        ("\u0dc1\u0dca\u200d\u0dbb\u0dd3", "\u0dc1\u0dca\u200d\u0dbb\u0dd3"),  # Sri
        ("👩\u200d💻", "👩\u200d💻"),
        ("李\u3000小龙", "李 小龙"),
        ("Jose\u0301", "Jose\u0301"),
        ("\x1b[31mAda\x00\x9b", "[31mAda"),
        ("a\ud800b\ufffe\ufdd0", "ab"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("\u3164\u2800", ""),
        (" \u200b\u00a0", ""),
    ],
)
def test_a_line_is_cleaned_of_invisible_characters(pasted: str, clean: str) -> None:
    assert clean_line(pasted) == clean


@given(ANY | PASTED)
def test_a_clean_line_stays_as_it_is_and_holds_no_invisible_character(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert line == " ".join(line.split())
    assert all(
        unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in "\u200c\u200d"
        for character in line
    )
    line.encode()


@given(ANY | PASTED)
def test_cleaning_loses_no_letter_digit_or_sign(text: str) -> None:
    def seen(text: str) -> list[str]:
        return [c for c in text if unicodedata.category(c)[0] in "LNSP" and c not in "\u3164\uffa0\u2800"]

    assert seen(clean_line(text)) == seen(text)


def test_lines_are_cleaned_each_for_itself() -> None:
    assert clean_lines("\n first\u00a0line \r\n\r\n\u200esecond\n\n") == "first line\n\nsecond"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Billing", "BILLING"),
        ("Billing", " billing\u00a0"),
        ("Billing Support", "billing\u3000support"),
        ("Straße", "STRASSE"),
        ("Café", "Cafe\u0301"),
        ("Ｂｉｌｌｉｎｇ", "billing"),
        ("Ali\u200cReza", "alireza"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Billing", "Billing 2"), ("Cafe", "Café"), ("A/B", "AB"), ("📞", "☎️")])
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(ANY | PASTED)
def test_a_key_is_its_own_key_and_fits_its_column(text: str) -> None:
    key = name_key(text)
    assert len(key.encode("utf-16-le")) <= 2 * NAME_KEY_LENGTH
    if len(key) < NAME_KEY_LENGTH // 2:
        assert name_key(key) == key == name_key(text.upper() if text.upper().lower() == text.lower() else text)
