"""The one key of a store: of its pseudonyms and of its list of the erased, whatever its privacy.

It is made for the first load and the store keeps its mark; from then on every load and every erasure is by that key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkit.errors import DataError
from supportkit.exports.masking.pseudonyms import Key, derived_key, known_key, load_key

if TYPE_CHECKING:
    from supportkit.store import Store


def remember_key(store: Store) -> Key:
    """The key for writing a store, made and remembered at its first load. Raises DataError as `key_of` does."""
    if (remembered := _remembered(store)) is not None:
        key = key_of(store)
        if remembered != key.mark:  # that of an earlier release, by which keys can be guessed fast
            store.connection.execute("update main.meta set value = $mark where name = 'key_id'", {"mark": key.mark})
        return key
    key = load_key()
    store.connection.execute("insert into main.meta values ('key_id', $mark)", {"mark": key.mark})
    return key


def key_of(store: Store) -> Key:
    """The key that a store was made with; none is made.

    Raises DataError where that key is not here, or another one is: nobody would be recognised by it.
    """
    remembered, key = _remembered(store), known_key()
    if remembered is None:  # nothing of it was made with a key
        return key or derived_key(())
    if key is None:
        raise DataError(
            f"the key that this store was made with is not here (its mark is {remembered})",
            hint="set SUPPORTKIT_KEY or restore the key file; with another key nobody would be recognised again",
        )
    mark = key.mark if remembered.endswith("s") else key.old_mark
    if mark != remembered:
        raise DataError(
            f"this store was made with another key ({remembered}, not {mark})",
            hint="set SUPPORTKIT_KEY or restore the key file; with another key nobody would be recognised again",
        )
    return key


def _remembered(store: Store) -> str | None:
    rows = store.engine.rows("select value from main.meta where name = 'key_id'", {})
    return rows[0][0] if rows else None
