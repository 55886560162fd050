"""Checks of a statement with a T-SQL parser."""

import sqlglot
from sqlglot import expressions

TOP_IN_A_CHANGE = "a TOP stands in a subquery of an UPDATE or DELETE"


def problem_of(statement: str) -> str | None:
    """The problem of a statement in SQL Server's form, in words; None when there is none. Raises ParseError."""
    for tree in sqlglot.parse(statement, read="tsql"):
        if tree is None:
            return "it is no T-SQL"
        changes = isinstance(tree, expressions.Update | expressions.Delete)
        # SQL Server may run such a subquery again for each row: the keys are read first, and named in an IN list.
        if changes and any(select.args.get("limit") for select in tree.find_all(expressions.Select)):
            return TOP_IN_A_CHANGE
    return None
