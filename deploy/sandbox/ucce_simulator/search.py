"""The q parameter (ucce/REFERENCE.md 1.2): case-insensitive substrings; `field:value` terms joined by a space."""


def terms(query: str, fields: tuple[str, ...]) -> list[tuple[str | None, str]]:
    """(field or None, lower-case text) of each condition; all of them must hold.

    Without a `field:value` term the whole text is one substring, looked for in every default field (None).
    Assumption: in an advanced search a word without a known field is looked for in every default field too.
    """
    words = query.split()
    if not any(word.partition(":")[0] in fields and ":" in word for word in words):
        return [(None, query.strip().casefold())] if query.strip() else []
    conditions: list[tuple[str | None, str]] = []
    for word in words:
        field, colon, value = word.partition(":")
        if colon and field in fields:
            conditions.append((field, value.casefold()))
        else:
            conditions.append((None, word.casefold()))
    return conditions


def matches(record: dict[str, str], conditions: list[tuple[str | None, str]]) -> bool:
    """Does a small record (field → value) meet all conditions?"""
    lowered = {name: value.casefold() for name, value in record.items()}
    return all(
        (text in lowered.get(field, "")) if field else any(text in value for value in lowered.values())
        for field, text in conditions
    )
