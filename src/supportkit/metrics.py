"""METRICS, the list of what can be computed; a new metric adds one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal

from supportkit.offers.settled import Settled
from supportkit.result import Column, Result, Value
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.offers.cases import Cases
    from supportkit.offers.finding import Finding
    from supportkit.offers.leaves import Lost, ShareByLeaf
    from supportkit.render.language import Language


class Listing(NamedTuple):
    """A metric in the help: its file's name, the group it stands in, and one sentence that fits its line.

    One that asks other metrics is no file of the root but one of `explaining`, above them.
    """

    name: str
    group: str
    summary: str
    folder: str = ""


LISTINGS: Final = (
    Listing("trends", "Rise", "Which complaints rise or fall, and since when."),
    Listing("emerging", "Rise", "What customers say this week far more than before."),
    Listing("topics", "Rise", "What the tickets are about, found in their words."),
    Listing("causes", "Rise", "Which causes bring most complaints: what to remove first."),
    Listing("funnel", "Drop out", "Where customers drop out on the way to a purchase."),
    Listing("ltv", "Worth", "What a customer is worth: the lifetime value."),
    Listing("cohorts", "Worth", "What became of customers, by the month of their first order."),
    Listing("buyers", "Worth", "Who is still a customer, and what each will order."),
    Listing("service_value", "Worth", "Whether customers order again after a complaint."),
    Listing("cost", "Worth", "What contacts, and customers lost, cost.", "explaining"),
    Listing("nps", "Scores", "Net promoter score, with its interval."),
    Listing("csat", "Scores", "Customer satisfaction: the share of top answers."),
    Listing("csi", "Scores", "Customer satisfaction index over weighted questions."),
    Listing("ces", "Scores", "Customer effort score: how easy the company made it."),
    Listing("survey_quality", "Scores", "Whether a score can be believed."),
    Listing("service", "Service", "How fast customers are answered and helped."),
    Listing("handling", "Service", "What a ticket takes: replies, reopenings, whose turn it was."),
    Listing("reconcile", "Service", "Our times beside the vendor's, and whose definition fits."),
    Listing("contacts", "Service", "How many tickets arrive, on which day and at which hour."),
    Listing("backlog", "Service", "Which tickets are open, and how old they are."),
    Listing("unanswered", "Service", "Who waits for an answer, the oldest first."),
    Listing("handoffs", "Service", "What customers had to say twice, against chance."),
    Listing("touchpoints", "Service", "Each point of contact with its owner, worst first.", "explaining"),
    Listing("self_service", "Service", "Which questions an article would answer, and did."),
    Listing("quality_sample", "Service", "Conversations for a person to read, with a form."),
    Listing("quality_score", "Service", "What those who read say of all conversations."),
)
NAMES: Final = tuple(listing.name for listing in LISTINGS)
FOLDERS: Final = {listing.name: f"{listing.folder}." for listing in LISTINGS if listing.folder}


Cut = Literal["period", "stock", "life"]
"""What a metric is a figure of: the days of a period, or all days up to its end. A life is what has come together by
then, and is asked for without a beginning. A stock is what there is then: it is asked for with the period and
counts at its end, with `over` at the end of each day, week or month in it."""
Offer = Literal["leaves", "findings", "cases", "lost", "settled"]
"""What a metric may have beside its function: see the methods of these names."""


@dataclass(frozen=True)
class Metric:
    """A metric as the command line, reports and checks see it, read off its module."""

    name: str
    title: str
    definition: str
    source: str
    tables: tuple[str, ...]
    facts: tuple[Column, ...]
    cut: Cut
    compute: Callable[..., Result]
    module: ModuleType
    compares: bool = False
    """It compares a period with those before it, the last complete week where none is asked for."""
    forecasts: tuple[str, ...] = ()
    """Figures that say what will be: nothing of them has been measured."""
    forecasts_where_said: tuple[str, ...] = ()
    """Figures that are such in a row whose `forecast` says so."""
    needs: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What is not there where a figure has no n, though there are rows: a setting of the configuration."""
    requires: tuple[str, ...] = ()
    """The tables beside its own, and columns as `tickets.customer_id`, without which there is nothing to count."""
    headline: tuple[str, ...] = ()
    """The n of its headline figures: where all of them are 0 it has no data, whatever else is counted."""
    among: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Counts that are over others, by their names: that none of those is one is a figure, and no lack of data."""
    follows: tuple[str, ...] = ()
    """The option that says how long after a period its figures look at what follows, as a duration or a number of
    days, and the tables in which; without one those that are counted."""

    def is_empty(self, result: Result) -> bool:
        """Whether a result of the metric has no data, or none of which its headline could be."""
        headline = [result.facts[name] for name in self.headline if name in result.facts]
        return result.empty or (bool(headline) and not any(headline))

    @property
    def figures(self) -> frozenset[str]:
        """The names of its facts, and of the figures of its rows, which its module states as constants."""
        stated = (one for value in vars(self.module).values() if isinstance(value, tuple) for one in value)
        rows = (one.name for one in stated if isinstance(one, Column) and one.n is not None)
        return frozenset((*(fact.name for fact in self.facts), *rows))

    def is_forecast(self, name: str, record: Mapping[str, Value]) -> bool:
        """Whether the figure of that name in a record says what will be."""
        return name in self.forecasts or (name in self.forecasts_where_said and bool(record.get("forecast")))

    def queries(self) -> Mapping[str, str]:
        """The module's SQL constants by name."""
        return {
            name: text for name, text in vars(self.module).items() if name.isupper() and name.split("_")[0] == "SQL"
        }

    def offers(self, what: Offer) -> bool:
        """Whether the metric's file has this beside its function."""
        return hasattr(self.module, what)

    def leaves(self, *args: Any, **options: Any) -> ShareByLeaf:
        """The leaf table that `why` explains, where the metric offers one."""
        return self.module.leaves(*args, **options)  # type: ignore[no-any-return]

    def findings(self, result: Result, language: Language) -> list[Finding]:
        """What stands out in a result of the metric, in sentences for a report; none where it offers none."""
        return self.module.findings(result, language) if self.offers("findings") else []

    def cases(self, *args: Any, **options: Any) -> Cases:
        """The rows behind its figures, by the names that may be asked for."""
        return self.module.cases(*args, **options)  # type: ignore[no-any-return]

    def lost(self, *args: Any, **options: Any) -> list[Lost]:
        """Who did not come to the next step, where the metric offers it."""
        return self.module.lost(*args, **options)  # type: ignore[no-any-return]

    def settled(self, result: Result, name: str, record: Mapping[str, Value]) -> Settled:
        """The figure of that name in a record by what no later event can change; as it is where nothing can."""
        if not self.offers("settled"):
            return Settled(record)
        return self.module.settled(result, name, record)  # type: ignore[no-any-return]


class Metrics(Mapping[str, Metric]):
    """The metrics by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> Metric:
        word = name.replace("-", "_")
        if "_" in name or word not in NAMES:
            raise KeyError(name)
        return _read(word)

    def __iter__(self) -> Iterator[str]:
        return (name.replace("_", "-") for name in NAMES)

    def __len__(self) -> int:
        return len(NAMES)


@cache
def _read(word: str) -> Metric:
    module = import_module(f"supportkit.{FOLDERS.get(word, '')}{word}")
    return Metric(
        name=word.replace("_", "-"),
        title=module.TITLE,
        definition=(module.__doc__ or "").strip(),
        source=module.SOURCE,
        tables=module.TABLES,
        facts=module.FACTS,
        cut=getattr(module, "CUT", "period"),
        compute=getattr(module, word),
        module=module,
        compares=getattr(module, "COMPARES", False),
        forecasts=getattr(module, "FORECASTS", ()),
        forecasts_where_said=getattr(module, "FORECASTS_WHERE_SAID", ()),
        needs=getattr(module, "NEEDS", {}),
        requires=getattr(module, "REQUIRES", ()),
        headline=getattr(module, "HEADLINE", ()),
        among=getattr(module, "COUNTED_AMONG", {}),
        follows=getattr(module, "FOLLOWS", ()),
    )


METRICS: Final = Metrics()
