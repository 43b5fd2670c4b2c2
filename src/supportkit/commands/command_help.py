"""How the help reads: commands in groups, and of each command a sentence, three examples, and its own options first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from supportkit.commands.messages import reader
from supportkit.commands.plain_values import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

SHARED: Final = "Shared by all"
VALUES: Final = {
    "<str>": "TEXT", "<list[str]>": "TEXT", "<path>": "FILE", "<list[path]>": "FILE", "<list[Path]>": "FILE",
    "<int>": "N", "<int range>": "N", "<float>": "NUMBER",
}  # fmt: skip
"""What stands for a value of a type."""
NAME_WIDTH: Final = 14  # of the widest command, so that the sentences of all groups begin in one column


def as_help(words: Sequence[str]) -> Sequence[str]:
    """The words of a command line, a bare call and `help COMMAND` as calls of --help."""
    words = _language_last(words)
    if not words:
        return ("--help",)
    if words[0] != "help":
        return words
    return _language_last((*(word for word in words[1:] if word not in ("-h", "--help")), "--help"))


def _language_last(words: Sequence[str]) -> Sequence[str]:
    """A `--lang` before the command behind it, where the command takes it; of a call without one it has been heard."""
    first: list[str] = []
    language: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "--":
        taken = first if rest[0].partition("=")[0] != "--lang" else language
        count = 2 if rest[0] == "--lang" else 1
        taken += rest[:count]
        rest = rest[count:]
    return (*first, *rest, *(language if rest else ()))


def as_sentence(text: str) -> str:
    """What an option does, with a capital letter and a full stop before its default."""
    told, bracket, default = text.partition(" [default")
    if told and told[-1] not in ".!?":
        told += "."
    return told[:1].upper() + told[1:] + bracket + default


class GroupedHelp(PlainGroup):
    """The root: its commands under the headings of their groups, in the order in which they were added."""

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write how it is called."""
        _write_usage(ctx, formatter, self.collect_usage_pieces(ctx))

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write what supportkit is."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(reader().text(self.help or ""))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the options of a call without a command, then the commands."""
        records = (parameter.get_help_record(ctx) for parameter in self.get_params(ctx))
        with formatter.section(reader().text("Options")):
            formatter.write_dl([(record[0], _translated(record[1])) for record in records if record])
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write every command with its whole sentence."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            heading = reader().text(getattr(command, "rich_help_panel", None) or "Commands")
            groups.setdefault(heading, []).append((name.ljust(NAME_WIDTH), reader().text(command.short_help or "")))
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


class HelpWithExamples(PlainCommand):
    """A command: what it does in a sentence, three calls of it, its own options, then the shared ones."""

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the sentence and the examples."""
        from supportkit.commands.examples import definition_of, examples_of

        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self._sentence())
        name = self.name or ""
        with formatter.section(reader().text("Examples")):
            for example in examples_of(name):
                formatter.write(f"{'':{formatter.current_indent}}supportkit {example}\n")
        told = definition_of(name)
        if told:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(reader().text(told))

    def _sentence(self) -> str:
        """What it does; in a language that has no words for that, what the list of commands says of it."""
        said, listed = self.help or "", self.short_help or ""
        told = reader().text(said)
        return reader().text(listed) if told == said and reader().text(listed) != listed else told

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write how it is called."""
        _write_usage(ctx, formatter, self.collect_usage_pieces(ctx))

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """The words of the usage line: an argument by its name alone."""
        pieces = super().collect_usage_pieces(ctx)
        plain = [piece.replace("...}...", "...}").replace("{", "").replace("}", "") for piece in pieces]
        return [f"{piece[1:-4]}..." if piece.startswith("[[") and piece.endswith("]]...") else piece for piece in plain]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write arguments, own options and shared options under headings of their own."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                panel = getattr(parameter, "rich_help_panel", None)
                is_argument = parameter.param_type_name == "argument"
                heading = "Arguments" if is_argument else panel or "Options"
                sections.setdefault(heading, []).append(
                    (_plainly(record[0], is_argument=is_argument), _translated(record[1]))
                )
        schema = ("--schema", reader().text("Print the JSON Schema of the options and of the output, and exit."))
        sections.setdefault("Options", []).append(schema)
        for heading in _ordered(sections):
            with formatter.section(reader().text(heading)):
                formatter.write_dl(sections[heading])


def _write_usage(ctx: Context, formatter: HelpFormatter, pieces: Iterable[str]) -> None:
    """The usage line in the reader's language; the name of an argument stays as its section has it."""
    words = " ".join(reader().text(piece) for piece in pieces)
    formatter.write_usage(ctx.command_path, words, prefix=f"{reader().text('Usage')}: ")


def _translated(text: str) -> str:
    """What an option does in the reader's language, its default or bounds apart."""
    whole = reader().text(text)
    told, bracket, rest = text.partition(" [")
    said = reader().text(told.rstrip())
    name = rest.removeprefix("default: ")
    untold = said == told.rstrip()
    if whole != text or not bracket or (untold and name == rest):
        return whole
    shown = name.removesuffix(".").removesuffix("]")
    shown = shown if untold else reader().text(shown)
    return f"{said} {reader().say('[default: {name}]', name=shown)}" if name != rest else f"{said} [{shown}]"


def _plainly(words: str, *, is_argument: bool) -> str:
    """An option or an argument without the name of its type."""
    for kind, name in VALUES.items():
        words = words.replace(f" {kind}", "" if is_argument else f" {name}")
    return words


def _ordered(headings: Iterable[str]) -> list[str]:
    known = ("Arguments", "Options")
    return sorted(headings, key=lambda heading: (heading == SHARED, known.index(heading) if heading in known else 2))
