"""The faults that can be put into a Python file: comparisons, arithmetic, numbers, negations, what is left out.

Left alone is what a run does not compute with: docstrings, type hints, text, and the columns declared for people
(`key`, `count`, `figure`, `detail`, TITLE, SOURCE and TABLES), which the printed catalogue in docs/metrics.md holds. So
is `strict=` of zip, an assertion that a right program never meets.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from benchmarks.mutation.mutant import Mutant, Operator

COMPARISONS: Final = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
ARITHMETIC: Final = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "*", "**": "*", "|": "&", "&": "|"}
DECLARED: Final = ("TITLE", "SOURCE", "TABLES")
COLUMNS: Final = ("Column", "key", "count", "figure", "detail")


def python_mutants(file: str, source: str) -> Iterator[Mutant]:
    """All faults of the Python of a file, in the order of the text."""
    tree, at = ast.parse(source), _Places(source)
    for node in _computing(tree):
        for operator, start, end, replacement in _faults(node, at):
            yield Mutant(file, operator, start, end, replacement)


_Fault = tuple[Operator, int, int, str]


class _Places:
    """Where nodes stand in the text, in characters: ast counts bytes of a line."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    def place(self, line: int, column: int) -> int:
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def between(self, left: ast.expr, right: ast.expr, pattern: str) -> tuple[int, int] | None:
        """The place of an operator between two operands; brackets and comments may stand there, too."""
        start, end = self.span(left)[1], self.span(right)[0]
        found = re.search(pattern, self.source[start:end])
        return (start + found.start(), start + found.end()) if found else None


def _computing(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that a run computes with."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        children: list[ast.AST] = []
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_comment") or (
                name == "target" and isinstance(node, ast.AnnAssign)
            ):
                continue
            children += [
                child for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST)
            ]
        stack += [child for child in reversed(children) if not _is_declaration(child)]


def _is_declaration(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in COLUMNS
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id in DECLARED for target in node.targets)
    if isinstance(node, ast.If):  # if TYPE_CHECKING
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr)


def _faults(node: ast.AST, at: _Places) -> Iterator[_Fault]:
    match node:
        case ast.Compare():
            yield from _compared(node, at)
        case ast.BinOp():
            place = at.between(node.left, node.right, r"\*\*|//|[-+*/%|&]")
            if place and (sign := at.source[place[0] : place[1]]) in ARITHMETIC:
                yield ("arithmetic", *place, ARITHMETIC[sign])
        case ast.UnaryOp(op=ast.USub()):
            start, _ = at.span(node)
            yield ("arithmetic", start, at.span(node.operand)[0], "")
        case ast.UnaryOp(op=ast.Not()):
            yield ("negation", at.span(node)[0], at.span(node)[0] + len("not"), "")
        case ast.BoolOp():
            word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in pairwise(node.values):
                place = at.between(left, right, rf"\b{word}\b")
                if place:
                    yield ("negation", *place, other)
        case ast.Constant():
            yield from _constant(node, at)
        case ast.If() | ast.IfExp() | ast.While():
            yield ("negation", *at.span(node.test), f"(not ({at.text(node.test)}))")
        case ast.comprehension():
            for test in node.ifs:
                yield ("negation", *at.span(test), f"(not ({at.text(test)}))")
        case ast.Call():
            yield from _left_out(node, at)
        case ast.Return() if node.value is not None and not _is_none(node.value):
            yield ("omission", *at.span(node.value), "None")
        case ast.AugAssign() | ast.Raise():
            yield ("omission", *at.span(node), "pass")
        case ast.Expr() if isinstance(node.value, ast.Call):
            yield ("omission", *at.span(node), "pass")


def _compared(node: ast.Compare, at: _Places) -> Iterator[_Fault]:
    operands = [node.left, *node.comparators]
    for left, right in pairwise(operands):
        place = at.between(left, right, r"[<>]=?|[=!]=|\bnot\s+in\b|\bis\s+not\b|\bin\b|\bis\b")
        if place:
            sign = " ".join(at.source[place[0] : place[1]].split())
            yield ("comparison", *place, COMPARISONS[sign])


def _constant(node: ast.Constant, at: _Places) -> Iterator[_Fault]:
    """A number one larger (a fraction twice as large), true for false."""
    if isinstance(node.value, bool):
        yield ("constant", *at.span(node), str(not node.value))
    elif isinstance(node.value, int):
        yield ("constant", *at.span(node), str(node.value + 1))
    elif isinstance(node.value, float):
        yield ("constant", *at.span(node), repr(node.value * 2 or 1.0))


def _left_out(node: ast.Call, at: _Places) -> Iterator[_Fault]:
    """A call without one of its arguments."""
    arguments: list[ast.expr | ast.keyword] = sorted([*node.args, *node.keywords], key=at.span)
    for number, argument in enumerate(arguments):
        start, end = at.span(argument)
        if number + 1 < len(arguments):
            end = at.span(arguments[number + 1])[0]
        elif number:
            start = at.span(arguments[number - 1])[1]
        if isinstance(argument, ast.GeneratorExp) or _is_declaration(argument):
            continue
        yield ("omission", start, end, "")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_another_program(source: str, other: str) -> bool:
    """Whether `other` is Python, and not the same program: equal syntax trees are no fault."""
    try:
        return ast.dump(ast.parse(source)) != ast.dump(ast.parse(other))
    except SyntaxError:
        return False
