"""Our named tuples are those of Python, made later."""

from __future__ import annotations

import pickle
import re
import typing
from pathlib import Path
from typing import Any

import pytest

from supportkit.metrics import NAMES
from supportkit.system.named import NamedTuple

SRC = Path(__file__).parent.parent / "src" / "supportkit"


class Ours(NamedTuple):
    """Fields with and without a default, and what a class says besides."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        """Of the size."""
        return 2 * self.size


class Theirs(typing.NamedTuple):
    """The same, made by Python."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        """Of the size."""
        return 2 * self.size


@pytest.mark.parametrize(("args", "named"), [(("a",), {}), (("a", 1, ("x",)), {}), ((), {"size": 5, "name": "b"})])
def test_they_are_made_shown_compared_and_taken_apart_as_pythons_are(
    args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    ours: Any = Ours(*args, **named)
    theirs: Any = Theirs(*args, **named)
    assert ours == theirs
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    assert (ours.name, ours.size, ours.parts, ours.twice) == (theirs.name, theirs.size, theirs.parts, theirs.twice)
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert type(pickle.loads(pickle.dumps(ours))) is Ours
    changed = ours._replace(size=7)
    assert (changed, type(changed)) == (theirs._replace(size=7), Ours)
    assert Ours._make(theirs) == ours
    match ours:
        case Ours(name, size):
            assert (name, size) == theirs[:2]


def test_a_class_says_its_fields_as_pythons_do() -> None:
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert not hasattr(Ours("a"), "__dict__")


@pytest.mark.parametrize("kind", [Ours, Theirs])
@pytest.mark.parametrize(("args", "named"), [((), {}), (("a",), {"nome": "b"}), (("a", 1, (), 6), {})])
def test_what_a_class_is_given_is_refused_as_python_refuses_it(
    kind: Any, args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match=r"__new__\(\)"):
        kind(*args, **named)
    with pytest.raises(TypeError):
        kind._make("ab")
    with pytest.raises((TypeError, ValueError), match="nome"):
        kind("a")._replace(nome="b")


def test_nothing_of_a_tuple_is_changed_and_a_default_comes_last() -> None:
    one: Any = Ours("a")
    with pytest.raises(AttributeError):
        one.size = 4
    made: Any = type(Ours)
    fields = {"__annotations__": {"size": "int", "name": "str"}, "size": 3}
    with pytest.raises(TypeError, match="default"):
        made("Late", (NamedTuple,), fields)


def test_the_way_to_make_one_is_compiled_when_the_first_is_made() -> None:
    class Late(NamedTuple):
        size: int

    before = Late.__new__
    assert Late(1).size == 1
    assert Late.__new__ is not before
    assert Late(size=2) == (2,)


def test_all_named_tuples_are_ours_but_those_of_metrics() -> None:
    """A metric knows no machine."""
    texts = {str(file.relative_to(SRC)): file.read_text(encoding="utf-8") for file in SRC.rglob("*.py")}
    theirs = {name for name, text in texts.items() if re.search(r"^from typing import .*\bNamedTuple$", text, re.M)}
    theirs |= {name for name, text in texts.items() if re.search(r"^from typing import .*\bNamedTuple,", text, re.M)}
    metrics = {f"{name}.py" for name in NAMES} | {"explaining/cost.py", "explaining/touchpoints.py"}
    assert theirs <= metrics
