"""What is only read, and the way to write it: the store's file first, then its folder anew."""

from __future__ import annotations

from pathlib import Path

from supportkit.errors import SupportkitError, UsageError
from supportkit.store.address import address_of
from supportkit.store.parquet_manifest import read_manifest
from supportkit.store.parquet_partitions import partitioning


def file_for(named: Path, command: str) -> Path:
    """The store's file that a command writes. Raises UsageError for an address, which nothing is written to."""
    address = address_of(named)
    if address is not None:
        raise UsageError(
            f"{command}: {named} is only read",
            hint=f"{command} into a store's file, then write the folder anew: "
            f"supportkit export --parquet {address.folder}{_cut_of(address.folder)}",
        )
    return named


def _cut_of(folder: Path) -> str:
    """The option that cuts a folder as it is cut; nothing where it is not, or says what no export writes."""
    try:
        manifest = read_manifest(folder)
        cut = str(partitioning(manifest.partition)) if manifest else ""
    except SupportkitError:
        return ""
    return f" --partition {cut}" if cut else ""
