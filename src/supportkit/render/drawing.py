"""A picture drawn: SVG inside a page, whose colours it takes, or for a file of its own on white; PNG on white."""

from __future__ import annotations

import re
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from supportkit.render.chart_parts import LEAST_TEXT, TEXT
from supportkit.render.cldr import marks
from supportkit.render.language import Code
from supportkit.render.palette import NAMES

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

VEGA_LITE: Final = "5.20"
WHITE: Final = "#ffffff"
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_DROPPED: Final = ("class", "role", "pointer-events", "style", "stroke-miterlimit", "font-family")
_MEASURES: Final = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "viewBox", "r", "cx", "cy")


def inline_svg(spec: dict[str, Any], key: str, title: str, description: str, language: Code = "en") -> str:
    """The picture as an SVG element whose ids begin with `key`; the same for the same specification."""
    from xml.etree import ElementTree

    from supportkit.render.drawing_process import vegalite_to_svg

    drawn = vegalite_to_svg(vl_spec=spec, vl_version=VEGA_LITE, format_locale=_number_format(language))
    root = ElementTree.fromstring(drawn)
    _clean(root)
    width, height = root.get("width"), root.get("height")
    inside = "".join(ElementTree.tostring(child, encoding="unicode") for child in root)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{key}-title {key}-text" style="min-width: {_least_width(float(width or 0))}px">'
        f'<title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-text">{escape(description)}</desc>{inside}</svg>'
    )


def _least_width(width: float) -> int:
    """How narrow a picture may be shown so that its text can still be read; on a phone it is moved sideways."""
    return ceil(width * LEAST_TEXT / TEXT)


def svg_file(spec: dict[str, Any], language: Code = "en") -> str:
    """The picture as an SVG file on white."""
    import vl_convert

    white = {**spec, "background": WHITE}
    return str(vl_convert.vegalite_to_svg(white, vl_version=VEGA_LITE, format_locale=_number_format(language))) + "\n"


def png_bytes(spec: dict[str, Any], language: Code = "en") -> bytes:
    """The picture as PNG on white, twice as fine as a screen's point."""
    import vl_convert

    return bytes(
        vl_convert.vegalite_to_png(
            {**spec, "background": WHITE}, vl_version=VEGA_LITE, scale=2, format_locale=_number_format(language)
        )
    )


def _number_format(language: Code) -> Any:
    """How the numbers of axes are written, as D3 wants to be told it."""
    if language == "en":
        return "en-US"
    decimal, group = marks(language)
    return {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""], "percent": "\u00a0%"}


def _clean(element: Element) -> None:
    """Take out what a page does not need: roles of parts, empty paths; colours become the page's, numbers short."""
    element.tag = element.tag.rpartition("}")[2]
    for name in list(element.attrib):
        if name in _DROPPED or name.startswith("aria-"):
            del element.attrib[name]
        elif name in ("fill", "stroke"):
            element.attrib[name] = NAMES.get(element.attrib[name], element.attrib[name])
        elif name in _MEASURES:
            element.attrib[name] = _NUMBER.sub(lambda match: f"{float(match[0]):.1f}", element.attrib[name])
    for child in list(element):
        _clean(child)
        hidden = child.tag == "path" and (
            child.get("display") == "none" or (not child.get("fill") and not child.get("stroke"))
        )
        if hidden or (child.tag == "g" and len(child) == 0):
            element.remove(child)
