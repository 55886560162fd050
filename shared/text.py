"""Cleaning of text that people typed or pasted, and the key by which two names are the same name."""

import functools
import re
import unicodedata

NAME_KEY_LENGTH = 200  # UTF-16 units: a column of that size can be indexed on SQL Server

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})  # control, format (direction marks, zero widths), surrogate, private use
_JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ: format characters that Persian, Indic scripts and emoji need
_BLANKS = str.maketrans(dict.fromkeys("\u2800\u3164\uffa0", " "))  # letters and symbols that show as a gap
# A joiner joins two characters beyond ASCII; anywhere else it was pasted with something and does nothing.
_STRAY_JOINER = re.compile(rf"(?<![^\x00-\x7f])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f{_JOINERS}])")


def clean_line(text: str) -> str:
    """`text` as one line without what cannot be seen: white space of every kind is one plain space, none at the ends.

    Never fails, and cleaning twice changes nothing. The text may become empty.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, text.translate(_BLANKS)))
        text = _STRAY_JOINER.sub("", " ".join(text.split()))
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """`text` with each of its lines cleaned; empty lines at the beginning and the end are left out."""
    return "\n".join(map(clean_line, text.splitlines())).strip("\n")


@functools.lru_cache(maxsize=1024)
def name_key(name: str) -> str:
    """What is equal for two spellings of one name: case, width, composition and invisible characters do not count.

    Kept in a unique column beside the name, so that both engines agree on what is the same name.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_line(name)).casefold())
    units = clean_line(re.sub(f"[{_JOINERS}]", "", folded)).encode("utf-16-le")
    return units[: 2 * NAME_KEY_LENGTH].decode("utf-16-le", "ignore")


def _visible(character: str) -> str:
    if character.isspace() or character in _JOINERS:
        return character
    code = ord(character)
    no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return "" if no_character or unicodedata.category(character) in _DROPPED else character
