"""The faults that can be put into the SQL of a file: the same four, and what only a query has.

A query is a text with a clause of SQL in it that stands at module level. `between x and y`, the sizes of types and
`count(*)` are left alone; so is what an f-string puts in, and a name, as those of a struct's fields are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.mutation.mutant import Mutant, Operator

COMPARISONS: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "!=": "="}
ARITHMETIC: Final = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*"}
FUNCTIONS: Final = {
    "min": "max", "max": "min", "sum": "avg", "avg": "sum", "arg_min": "arg_max", "arg_max": "arg_min",
    "least": "greatest", "greatest": "least", "bool_or": "bool_and", "bool_and": "bool_or", "lead": "lag",
    "lag": "lead", "quantile_cont": "quantile_disc", "quantile_disc": "quantile_cont", "floor": "ceil",
}  # fmt: skip
UNWRAPPED: Final = (
    "coalesce",
    "nullif",
    "lower",
    "upper",
    "trim",
    "abs",
    "floor",
    "round",
    "sqrt",
    "least",
    "greatest",
)
UNITS: Final = {"second": "minute", "minute": "second", "hour": "day", "day": "hour", "week": "month", "month": "week"}
CLAUSES: Final = ("group", "order", "having", "limit", "qualify", "window", "union", "select", "from", "join", "left")
_QUERY: Final = re.compile(r"\b(select|case when|coalesce\(|unnest\()")
_TOKEN: Final = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|\$\w+|\{\{|\}\}|\{[^{}]*\}|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e\d+)?|<>|<=|>=|!=|:=|::|\|\||[^\s]"
)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int
    depth: int  # of brackets around it


def sql_mutants(file: str, source: str) -> Iterator[Mutant]:
    """All faults of the queries of a file, in the order of the text."""
    for start, end in _queries(source):
        tokens = _tokens(source, start, end)
        for place in range(len(tokens)):
            for operator, left, right, replacement in _faults(source, tokens, place):
                yield Mutant(file, operator, left, right, replacement)


def _queries(source: str) -> Iterator[tuple[int, int]]:
    """Where the texts of queries stand: those of assignments at module level, between their quotes."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    encoded = source.encode()
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        assert statement.end_lineno is not None
        assert statement.end_col_offset is not None
        low = starts[statement.value.lineno - 1] + statement.value.col_offset
        high = starts[statement.end_lineno - 1] + statement.end_col_offset
        left, right = len(encoded[:low].decode()), len(encoded[:high].decode())
        for quoted in re.finditer(r'"""(.*?)"""|"([^"\n]*)"', source[left:right], re.DOTALL):
            number = 1 if quoted[1] is not None else 2
            if _QUERY.search(quoted[number]):
                yield left + quoted.start(number), left + quoted.end(number)


def _tokens(source: str, start: int, end: int) -> list[_Token]:
    found: list[_Token] = []
    depth = 0
    for match in _TOKEN.finditer(source, start, end):
        text = match[0]
        if text.startswith("--"):
            continue
        depth -= text in (")", "]")
        found.append(_Token(text.lower() if text[0] != "'" else text, match.start(), match.end(), depth))
        depth += text in ("(", "[")
    return found


_Fault = tuple[Operator, int, int, str]


def _faults(source: str, tokens: list[_Token], place: int) -> Iterator[_Fault]:
    token = tokens[place]
    text, start, end = token.text, token.start, token.end
    before = tokens[place - 1].text if place else ""
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if text in COMPARISONS and not (text == ">" and before == "-"):
        yield ("comparison", start, end, COMPARISONS[text])
    elif text in ARITHMETIC and not (text == "*" and (before in ("(", ",", ".", "select", "distinct") or after == ")")):
        yield ("arithmetic", start, end, ARITHMETIC[text])
    elif re.fullmatch(r"\d+(\.\d+)?", text) and not _sizes_a_type(tokens, place):
        yield ("constant", start, end, str(float(text) * 2 or 1.0) if "." in text else str(int(text) + 1))
    elif text[0] == "'" and after != ":":
        word = text[1:-1]
        yield ("constant", start, end, f"'{UNITS.get(word, word + '~')}'")
    elif text in ("and", "or") and not _is_of_between(tokens, place):
        yield ("negation", start, end, "or" if text == "and" else "and")
    elif text == "not" and before != "is" and after not in ("null", "materialized"):
        yield ("negation", start, tokens[place + 1].start, "")
    elif text == "is" and after in ("null", "not"):
        until = tokens[place + 2] if after == "not" else tokens[place + 1]
        if until.text == "null":
            yield ("negation", start, until.end, "is null" if after == "not" else "is not null")
    elif text in ("where", "when", "on"):
        span = _condition(tokens, place)
        if span:
            yield ("negation", *span, f"not ({source[span[0] : span[1]]})")
            if text == "where":
                yield ("query", *span, "true")
    yield from _clauses(source, tokens, place)


def _clauses(source: str, tokens: list[_Token], place: int) -> Iterator[_Fault]:
    token = tokens[place]
    text, start, end = token.text, token.start, token.end
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    close = _closing(tokens, place + 1) if after == "(" else None
    if text in FUNCTIONS and close is not None:
        yield ("query", start, end, FUNCTIONS[text])
    if text in UNWRAPPED and close is not None:
        inside = _arguments(tokens, place + 1, close)
        yield ("query", start, tokens[close].end, f"({source[inside[0][0] : inside[0][1]]})")
        if text == "coalesce":
            yield ("query", start, tokens[close].end, f"({source[inside[-1][0] : inside[-1][1]]})")
    elif text == "count" and close is not None and tokens[place + 2].text not in ("*", "distinct"):
        yield ("query", tokens[place + 2].start, tokens[close].start, "*")
    elif text == "filter" and close is not None:
        yield ("omission", start, tokens[close].end, "")
    elif text == "partition":
        span = _until(tokens, place + 2, ("order", "rows", "range"))
        if span:
            yield ("omission", start, span[1], "")
    elif text == "distinct" and after not in ("on", "from"):
        yield ("query", start, tokens[place + 1].start, "")
    elif text == "desc":
        yield ("query", start, end, "asc")
    elif text == "left" and after == "join":
        yield ("query", start, tokens[place + 1].end, "join")
    elif text == "join" and tokens[place - 1].text not in ("left", "cross", "asof"):
        yield ("query", start, end, "left join")
    elif text == "all" and tokens[place - 1].text == "union":
        yield ("query", start, end, "")
    elif text == "order" and after == "by":
        keys = _arguments_until(tokens, place + 2)
        if len(keys) > 1:
            yield ("omission", keys[0][0], keys[1][0], "")
            yield ("omission", keys[-2][1], keys[-1][1], "")
    elif text == "else":
        span = _until(tokens, place + 1, ("end",))
        if span:
            yield ("omission", start, span[1], "")


def _sizes_a_type(tokens: list[_Token], place: int) -> bool:
    """Whether a number is one of `decimal(18, 4)`."""
    depth = tokens[place].depth
    opened = next((n for n in range(place, -1, -1) if tokens[n].depth == depth - 1), 0)
    return tokens[opened].text == "(" and opened > 0 and tokens[opened - 1].text in ("decimal", "numeric", "varchar")


def _is_of_between(tokens: list[_Token], place: int) -> bool:
    depth = tokens[place].depth
    for token in reversed(tokens[:place]):
        if token.depth < depth or (token.depth == depth and token.text in ("and", "or", "when", "where")):
            return False
        if token.depth == depth and token.text == "between":
            return True
    return False


def _closing(tokens: list[_Token], opened: int) -> int | None:
    depth = tokens[opened].depth
    return next((n for n in range(opened + 1, len(tokens)) if tokens[n].depth == depth), None)


def _condition(tokens: list[_Token], place: int) -> tuple[int, int] | None:
    """The span of the condition after `where`, `when` or `on`."""
    return _until(tokens, place + 1, (*CLAUSES, "where", "then"))


def _until(tokens: list[_Token], first: int, words: tuple[str, ...]) -> tuple[int, int] | None:
    """From a token to the last one before one of the words, or the bracket's end, at the same depth."""
    if first >= len(tokens):
        return None
    depth, last = tokens[first].depth, None
    for token in tokens[first:]:
        if token.depth < depth or (token.depth == depth and token.text in words):
            break
        last = token
    return (tokens[first].start, last.end) if last else None


def _arguments(tokens: list[_Token], opened: int, close: int) -> list[tuple[int, int]]:
    depth, found, first = tokens[opened].depth + 1, [], opened + 1
    for n in range(opened + 1, close + 1):
        if n == close or (tokens[n].text == "," and tokens[n].depth == depth):
            found.append((tokens[first].start, tokens[n - 1].end))
            first = n + 1
    return found


def _arguments_until(tokens: list[_Token], first: int) -> list[tuple[int, int]]:
    """The keys of an `order by`."""
    depth, found, start = tokens[first].depth, [], first
    for n in range(first, len(tokens) + 1):
        over = (
            n == len(tokens) or tokens[n].depth < depth or tokens[n].text in (")", "limit", "qualify", "rows", "range")
        )
        if over or (tokens[n].text == "," and tokens[n].depth == depth):
            if n > start:
                found.append((tokens[start].start, tokens[n - 1].end))
            start = n + 1
        if over:
            break
    return found
