"""Our named tuples are those of Python, made later."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any

import pytest

from supportkit.system.named import NamedTuple


class Ours(NamedTuple):
    """A value in its place."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        """A figure of it."""
        return 2 * self.size

    @classmethod
    def plain(cls) -> Ours:
        """One without parts."""
        return cls("plain", 0)


class Theirs(typing.NamedTuple):
    """A value in its place."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()

    @property
    def twice(self) -> int:
        """A figure of it."""
        return 2 * self.size

    @classmethod
    def plain(cls) -> Theirs:
        """One without parts."""
        return cls("plain", 0)


class Unmade(NamedTuple):
    """Of which only others are made."""

    first: int
    second: int = 2


class Kind(Unmade):
    """A class below one."""

    @property
    def both(self) -> int:
        """The sum."""
        return self.first + self.second


def told(of: Any) -> dict[str, object]:
    """All that a class of this shape says of itself and of what is made of it."""
    one, other = of("a", parts=("x",)), of("b", 4)
    match other:
        case of(name, size, _):
            matched = (name, size)
    name, *left = one
    return {
        "fields": of._fields,
        "defaults": of._field_defaults,
        "matched by": of.__match_args__,
        "bases": of.__bases__,
        "types": {key: str(value) for key, value in of.__annotations__.items()},
        "shown": repr(one).partition("(")[2],
        "equal": (one == of("a", 3, ("x",)), one == ("a", 3, ("x",)), one < other, one == other),
        "hash": hash(one) == hash(("a", 3, ("x",))),
        "values": (one.name, one.size, one.parts, one[1], one[-1], len(one), one.twice),
        "as a dict": one._asdict(),
        "replaced": tuple(one._replace(size=9)),
        "made": tuple(of._make(["c", 1, ()])),
        "unpacked": (name, left),
        "by a class method": tuple(of.plain()),
        "matched": matched,
        "no dict": hasattr(one, "__dict__"),
        "doc": of.__doc__,
    }


def test_a_named_tuple_is_as_python_makes_it() -> None:
    ours, theirs = told(Ours), told(Theirs)
    assert ours == {**theirs, "types": ours["types"]}  # Python keeps them as references to be resolved
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)


@pytest.mark.parametrize("wrong", [(), ("a", 1, (), 4), ("a", 1, (), 4, 5)])
def test_too_few_or_many_values_are_refused_as_by_python(wrong: tuple[Any, ...]) -> None:
    said = []
    for of in (Ours, Theirs):
        with pytest.raises(TypeError) as caught:
            of(*wrong)
        said.append(str(caught.value).replace(of.__name__, "it"))
    assert said[0] == said[1]
    with pytest.raises(TypeError, match="colour"):
        Ours("a", colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="colour"):
        Ours("a")._replace(colour="red")  # type: ignore[call-arg]


def test_an_object_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Ours("a").name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Ours("a").other = "b"  # type: ignore[attr-defined]


def test_copies_and_pickles_are_the_same_object() -> None:
    one = Ours("a", parts=("x",))
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert (type(other), other) == (Ours, one)


def test_the_first_object_may_be_of_a_class_below() -> None:
    assert (Kind(1).both, Kind(1, 5).both, type(Kind(1))) == (3, 6, Kind)
    assert (Unmade(4), repr(Kind(1))) == ((4, 2), "Kind(first=1, second=2)")
