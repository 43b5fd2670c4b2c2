"""`NamedTuple`, whose way to make one is compiled for the first one.

Python's own compiles a function for every class and each of its annotations while its module is imported: a fifth of a
millisecond a class, for some hundred classes of which a short run makes few. The objects are as Python's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from operator import itemgetter

    try:
        from collections import _tuplegetter as _getter
    except ImportError:

        def _getter(place: int, doc: str) -> property:
            return property(itemgetter(place), doc=doc)

    def _new(cls: type, *values: Any, **named: Any) -> Any:
        """Make the first object of a class; its way to make others is compiled here."""
        made = next(one for one in cls.__mro__ if one.__dict__.get("__new__") is _FIRST)
        known = {"__made": tuple.__new__, **{f"_{name}": value for name, value in made._field_defaults.items()}}
        given = "".join(f", {name}=_{name}" if f"_{name}" in known else f", {name}" for name in made._fields)
        exec(f"def __new__(_cls{given}): return __made(_cls, ({''.join(f'{n}, ' for n in made._fields)}))", known)
        made.__new__ = known["__new__"]
        made.__new__.__qualname__ = f"{made.__name__}.__new__"
        return cls.__new__(cls, *values, **named)

    _FIRST = staticmethod(_new)

    def _make(cls: type, values: Any) -> Any:
        """One of the values in their order."""
        return cls(*values)

    def _asdict(self: Any) -> dict[str, Any]:
        """The values by their names."""
        return dict(zip(self._fields, self, strict=True))

    def _replace(self: Any, **named: Any) -> Any:
        """The same with other values for some of the names."""
        return self.__class__(**{**_asdict(self), **named})

    def _shown(self: Any) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{self.__class__.__name__}({values})"

    def _values(self: Any) -> tuple[Any, ...]:
        return tuple(self)

    class _Named(type):
        def __new__(cls, name: str, bases: tuple[type, ...], content: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, content)
            fields = tuple(content.get("__annotations__", ()))
            defaults = {field: content.pop(field) for field in fields if field in content}
            ours = {
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
                "__new__": _FIRST,
                "__repr__": _shown,
                "__getnewargs__": _values,
                "_make": classmethod(_make),
                "_asdict": _asdict,
                "_replace": _replace,
                "__replace__": _replace,
                **{field: _getter(place, f"Alias for field number {place}") for place, field in enumerate(fields)},
            }
            return type(name, (tuple,), {**ours, **content})

    class NamedTuple(metaclass=_Named):
        """Fields with their types, and values for those that need not be given."""
