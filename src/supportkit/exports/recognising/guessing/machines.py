"""Messages that a machine wrote, where a column of yes and no says so: they would count as what an agent replied."""

from __future__ import annotations

from typing import Final

from supportkit.exports.masking import mask_text
from supportkit.exports.meanings.deciding_words import answered
from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.known_names import parts
from supportkit.exports.recognising.guessing.no_sales import NoSales, keep_others
from supportkit.exports.recognising.guessing.settled import File, Settled

_YES: Final = "true"


def written_by_machines(settled: Settled, file: File) -> tuple[NoSales, ...]:
    """The columns that say of messages that nobody wrote them, each with the `--keep` that leaves those out."""
    if settled.table.name != "messages":
        return ()
    used = {place for one in settled.found.values() for place in one.places}
    found = []
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        if place in used or shape is None or key(header) not in parts()["machine"]:
            continue
        words = [word for word in shape.example if answered(word).value == _YES]
        cells = file.cells[place] or ()
        rows = sum(cell in words for cell in cells)
        if 0 < rows < len(cells) and all(answered(word).value for word in shape.example):
            told = f"{mask_text(header)[0]} is {' or '.join(words)} in {rows:,} of the first {len(cells):,} rows"
            found.append(NoSales(header, f"{told}, which count as what people wrote", keep_others(file, header, words)))
    return tuple(found)
