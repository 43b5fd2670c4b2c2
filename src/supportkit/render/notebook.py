"""A result in a notebook: a heading, the facts, the picture, the table and the notes, as an HTML fragment."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from supportkit.render.escaping import for_html
from supportkit.render.headings import heading
from supportkit.render.scope_line import scope_line
from supportkit.render.value_text import value_text
from supportkit.result import Result

if TYPE_CHECKING:
    from jinja2 import Template

    from supportkit.render.chart_parts import Spec

MOST_ROWS: Final = 60
FRAGMENT: Final = """\
<div><strong>{{ result.title }}</strong><br><small>{{ result.definition }}</small>
{% if facts %}<p>{% for label, value in facts %}{{ label }} <b>{{ value }}</b>{{ "" if loop.last else " · " }}\
{% endfor %}</p>{% endif %}
{% if picture %}<p><img alt="{{ alt }}" src="{{ picture }}"></p>{% endif %}
{% if rows %}<table><thead><tr>{% for column in columns %}<th>{{ heading(column.label) }}</th>{% endfor %}\
</tr></thead><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% endif %}
{% if more %}<p>{{ more }} more rows: .to_frame() has them all</p>{% endif %}
{% if result.notes %}<ul>{% for note in result.notes %}<li>{{ note }}</li>{% endfor %}</ul>{% endif %}
<small>{{ scope }}</small></div>
"""


def as_fragment(result: Result) -> str:
    """The result as HTML without a page around it."""
    shown = result.for_people()
    rows = () if result.repeats_facts else shown.rows
    currency = result.scope.currency
    from supportkit.render.charts import caption, spec

    drawn = spec(result)
    return _template().render(
        result=result,
        heading=heading,
        facts=[(heading(c.label), value_text(result.facts[c.name], c.shown, currency)) for c in result.told_facts],
        columns=shown.columns,
        rows=[[value_text(v, c.shown) for v, c in zip(row, shown.columns, strict=True)] for row in rows[:MOST_ROWS]],
        more=max(0, len(rows) - MOST_ROWS),
        scope=scope_line(result.scope),
        picture=_address(drawn) if drawn else "",
        alt=caption(result),
    )


def _address(drawn: Spec) -> str:
    """The picture as an address that holds all of it, so that no name in it meets another's on the page."""
    from base64 import b64encode

    from supportkit.render.drawing import svg_file

    return f"data:image/svg+xml;base64,{b64encode(svg_file(drawn).encode()).decode()}"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=for_html)
    return environment.from_string(FRAGMENT)
