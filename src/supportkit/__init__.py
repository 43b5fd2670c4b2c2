"""Support analytics: tickets, orders, surveys and funnel events in one DuckDB file."""

from __future__ import annotations

__version__ = "0.1.0"
