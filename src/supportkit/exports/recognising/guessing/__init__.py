"""What a file of no vendor that we know may be: its table, and where each of our columns comes from, with reasons."""

from __future__ import annotations
