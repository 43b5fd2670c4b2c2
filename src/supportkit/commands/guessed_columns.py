"""Where the columns of exports that no vendor writes stand, written down in a supportkit.toml as they are guessed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from supportkit.commands.messages import say
from supportkit.config import read_config
from supportkit.configuration.template import TEMPLATE
from supportkit.errors import DataError, UsageError
from supportkit.exports import LoadOptions
from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.system.atomic_files import write_text


def write_columns(path: Path, files: Sequence[Path], options: LoadOptions) -> None:
    """Write `[columns.<table>]` for these files at the end of a configuration, made where it is missing.

    Raises UndecidedExportError where something that is needed is in doubt, UsageError where a table has columns
    already.
    """
    sections: dict[str, tuple[Path, str]] = {}
    for file in files:
        table, columns = _columns_of(file, options)
        if not columns:
            say(f"{file}: is recognised as {table} without being told; nothing is to be written of it")
            continue
        if table in sections and sections[table][1] != columns:
            raise UsageError(
                f"{file}: is {table} as {sections[table][0]} is, and has other columns",
                hint="one configuration has the columns of one export of a table: write one for each, and name it "
                "with --config",
            )
        sections[table] = file, columns
    if not sections:
        return
    there = path.exists()
    text = path.read_text(encoding="utf-8-sig") if there else TEMPLATE
    configured = read_config(path).columns if there else {}
    for table, (file, columns) in sections.items():
        if table in configured:
            raise UsageError(f"{path}: has [columns.{table}] already", hint="remove it first, or name another file")
        text += f"\n# {file.name}\n[columns.{table}]\n{columns}"
    tomllib.loads(text)
    write_text(path, text)
    say(f"wrote {path}: {', '.join(f'[columns.{table}]' for table in sections)}")


def _columns_of(file: Path, options: LoadOptions) -> tuple[str, str]:
    """The table of a file and its columns as lines of a configuration; none where it is known as it is."""
    from supportkit.exports.reading.files import open_export
    from supportkit.exports.recognising.guessing.of_file import decided, file_of, guess_of, is_known
    from supportkit.exports.recognising.recognised_file import layout_of, recognise_file

    with open_export(file, name=file.name, sheet=options.sheet, usual_sheet=options.usual_sheet) as export:
        encoding, layout = layout_of(export, options)
        if layout is None:
            raise DataError(f"{file}: the file is empty", hint="nothing could be loaded")
        if not options.map and is_known(export, layout, options):
            return recognise_file(export, layout, options).table.name, ""
        found = decided(export.name, guess_of(file_of(export, encoding, layout, options), options))
    return found.table, _lines(found, options.map)


def _lines(found: Guess, stated: Mapping[str, str]) -> str:
    lines = [f"{ours} = {_in_toml(text)}\n" for ours, text in {**found.whole_map, **stated}.items()]
    for one in found.doubtful:
        lines += [f"# {one.ours} = {_in_toml(text)}  # or another: it is in doubt\n" for text in one.readings]
    return "".join(lines)


def _in_toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
