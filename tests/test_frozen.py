"""Our frozen dataclasses are those of Python, made later."""

from __future__ import annotations

import dataclasses
import pickle
import re
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportkit.metrics import NAMES
from supportkit.system.frozen import dataclass

SRC = Path(__file__).parent.parent / "src" / "supportkit"


@dataclass(frozen=True)
class Ours:
    """Fields of every kind."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()
    known: dict[str, int] = field(default_factory=dict, hash=False)
    secret: str = field(default="", repr=False, compare=False)

    @cached_property
    def twice(self) -> int:
        """Kept beside the fields."""
        return 2 * self.size


@dataclasses.dataclass(frozen=True)
class Theirs:
    """The same, made by Python."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()
    known: dict[str, int] = field(default_factory=dict, hash=False)
    secret: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class Checked:
    """One that looks at what it is given."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("less than nothing")


@dataclass(frozen=True)
class Empty:
    """One without fields."""


VALUES = st.fixed_dictionaries(
    {"name": st.sampled_from("ab")},
    optional={
        "size": st.integers(0, 2),
        "parts": st.sampled_from([(), ("x",)]),
        "known": st.sampled_from([{}, {"a": 1}]),
        "secret": st.sampled_from(["", "s"]),
    },
)


@given(VALUES, VALUES)
def test_objects_are_shown_compared_and_hashed_as_pythons_are(one: dict[str, Any], other: dict[str, Any]) -> None:
    ours: tuple[Any, Any] = (Ours(**one), Ours(**other))
    theirs: tuple[Any, Any] = (Theirs(**one), Theirs(**other))
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert (hash(ours[0]) == hash(ours[1])) == (hash(theirs[0]) == hash(theirs[1]))
    assert repr(ours[0]) == repr(theirs[0]).replace("Theirs", "Ours")
    assert asdict(ours[0]) == asdict(theirs[0])
    assert ours[0] != theirs[0]
    changed = replace(ours[0], size=7)
    assert (changed.size, changed.name, type(changed)) == (7, ours[0].name, Ours)
    assert pickle.loads(pickle.dumps(ours[0])) == ours[0]


@pytest.mark.parametrize("kind", [Ours, Theirs])
@pytest.mark.parametrize(("args", "named"), [((), {}), (("a",), {"nome": "b"}), (("a", 1, (), {}, "", 6), {})])
def test_what_a_class_is_given_is_refused_as_python_refuses_it(
    kind: Any, args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match=r"__init__\(\)"):
        kind(*args, **named)


def test_nothing_of_an_object_is_changed() -> None:
    one: Any = Ours("a")
    with pytest.raises(FrozenInstanceError, match="size"):
        one.size = 4
    with pytest.raises(FrozenInstanceError, match="size"):
        del one.size
    assert (one.size, one.twice, one.twice) == (3, 6, 6)
    assert Ours("a").known is not one.known


def test_a_class_looks_at_what_it_is_given_and_may_have_no_fields() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Checked(-1)
    assert (Empty(), repr(Empty()), hash(Empty())) == (Empty(), "Empty()", hash(Empty()))
    match Ours("a", 5):
        case Ours(name, size):
            assert (name, size) == ("a", 5)
    assert [(one.name, one.type) for one in fields(Checked)] == [("size", "int")]
    assert [one.type for one in fields(Ours)] == [one.type for one in fields(Theirs)]


def test_the_way_to_make_one_is_compiled_when_the_first_is_made() -> None:
    @dataclass(frozen=True)
    class Late:
        size: int

    before = Late.__init__
    assert Late(1).size == 1
    assert Late.__init__ is not before
    assert Late(2).size == 2


def test_all_frozen_dataclasses_are_ours_but_those_of_metrics_and_those_beside_others_that_change() -> None:
    """A metric knows no machine."""
    texts = {str(file.relative_to(SRC)): file.read_text(encoding="utf-8") for file in SRC.rglob("*.py")}
    frozen = {name for name, text in texts.items() if re.search(r"^@dataclass\(frozen=True\)", text, re.MULTILINE)}
    ours = {name for name, text in texts.items() if "from supportkit.system.frozen import dataclass" in text}
    change = {name for name, text in texts.items() if re.search(r"^@dataclass$", text, re.MULTILINE)}
    metrics = {f"{name}.py" for name in NAMES}
    assert ours <= frozen
    assert frozen - ours <= change | metrics
