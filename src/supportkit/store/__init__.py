"""The DuckDB file: its tables, how it is opened, and how a metric's SQL runs on it."""

from __future__ import annotations

from supportkit.store.opening import memory_store, open_store
from supportkit.store.selection import Dimension, Selection
from supportkit.store.store import Store

__all__ = ["Dimension", "Selection", "Store", "memory_store", "open_store"]
