"""The table of a profile's metrics, and the chart of its citations by year.

The names of the metrics are in the language of the page, so they are told by their order, which is the same in all.
"""

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.html_document import attribute, one, seen_text
from scrapers.parse_error import ParseError
from scrapers.sources.google_scholar.layouts import Layout, number

_NAMES = ("citations", "h_index", "i10_index")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_CHARTS = ".gsc_md_hist_b, #gsc_md_hist_b, #gsc_g"
_PLACE = re.compile(r"\b(left|right)\s*:\s*(-?\d{1,6})px")
#: A bar begins 5 pixels beside its year; years are 32 apart.
_BESIDE_PIXELS = range(11)

Metrics = dict[str, int | float | None]


def read_metrics(soup: BeautifulSoup, layout: Layout) -> Metrics:
    """All that the page says of the profile as a whole; nothing of a profile that nobody has cited yet."""
    if soup.select_one(layout.metrics) is None:
        return {}
    return _table(one(soup, layout.metrics, stage="metrics"), layout) | _by_year(soup)


def _table(table: Tag, layout: Layout) -> Metrics:
    rows = [cells for row in table.select("tr") if (cells := row.select(layout.metric))]
    widths = {len(cells) for cells in rows}
    if len(rows) != len(_NAMES) or widths not in ({1}, {2}):
        raise ParseError(
            "the table of metrics has another shape", stage="metrics", where=layout.metrics, excerpt=seen_text(table)
        )
    metrics: Metrics = {name: _value(cells[0], name) for name, cells in zip(_NAMES, rows, strict=True)}
    _refuse_another_order(metrics)
    if widths == {2} and (since := _since(table, layout)) is not None:
        metrics |= {f"{name}_since_{since}": _value(cells[1], name) for name, cells in zip(_NAMES, rows, strict=True)}
    return metrics


def _value(cell: Tag, name: str) -> int | None:
    return number(seen_text(cell), stage="metrics", where=name)


def _since(table: Tag, layout: Layout) -> int | None:
    """The year in the heading of the last column: "Since 2020", "2020 年至今"."""
    headings = table.select(layout.heading)
    found = _YEAR.search(seen_text(headings[-1])) if headings else None
    return int(found[0]) if found else None


def _refuse_another_order(metrics: Metrics) -> None:
    """h papers with h citations each, and ten for each that counts for the i10-index, make a least sum."""
    citations, h_index, i10_index = (metrics[name] for name in _NAMES)
    if citations is not None and max((h_index or 0) ** 2, 10 * (i10_index or 0)) > citations:
        raise ParseError("the metrics cannot be in the order that they were in", stage="metrics", excerpt=str(metrics))


def _by_year(soup: BeautifulSoup) -> Metrics:
    """Citations received in a year, where the chart has a bar for it."""
    chart = next((found for found in soup.select(_CHARTS) if found.select_one(".gsc_g_t") is not None), None)
    if chart is None:
        return {}
    years = [(_place(label), label) for label in chart.select(".gsc_g_t")]
    metrics: Metrics = {}
    for bar in chart.select(".gsc_g_a"):
        beneath = [label for place, label in years if _is_over(_place(bar), place)]
        year = seen_text(beneath[0]) if len(beneath) == 1 else ""
        if _YEAR.fullmatch(year) is None or (name := f"citations_in_{int(year)}") in metrics:
            raise ParseError(
                "a bar stands over no year", stage="metrics", where=".gsc_g_a", excerpt=attribute(bar, "style")
            )
        label = bar.select_one(".gsc_g_al")
        metrics[name] = number(seen_text(label), stage="metrics", where=name) if label is not None else None
    return metrics


def _place(tag: Tag) -> tuple[str, int] | None:
    found = _PLACE.search(attribute(tag, "style"))
    return (found[1], int(found[2])) if found else None


def _is_over(bar: tuple[str, int] | None, year: tuple[str, int] | None) -> bool:
    if bar is None or year is None or bar[0] != year[0]:
        return False
    return bar[1] - year[1] in _BESIDE_PIXELS
