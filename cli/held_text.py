"""A page that is held back, in words."""

from collections.abc import Mapping, Sequence

from alerts.figures import metric_name, metric_value
from cli.output import counted, minute, say
from tracking.held_page import HeldChanges
from tracking.kept import HeldPage
from tracking.reading import PaperReading
from tracking.rejecting import Refusal

_LINES_SHOWN = 10


def say_held(held: HeldPage, changes: HeldChanges, *, everything: bool) -> None:
    """What somebody has to look at; of many papers the first few, unless everything is asked for."""
    say(f"{held.watch.person or held.watch.key}, {held.watch.url}, observed {minute(held.observed_at)}")
    say(f"  {held.detail}")
    if changes.name_before != changes.name_after:
        say(f"  name: {changes.name_before} → {changes.name_after}")
    for name, before, after in changes.metrics:
        say(f"  {metric_name(name)}: {_value(name, before)} → {_value(name, after)}")
    gone = "gone" if changes.complete else "not on the page, which does not show all"
    _say_papers("new", changes.new, everything=everything)
    _say_papers("back", changes.back, everything=everything)
    _say_papers(gone, changes.gone, everything=everything)
    _say_lines(
        counted(len(changes.retitled), "paper") + " renamed",
        [f"{before} → {after}" for before, after in changes.retitled],
        everything=everything,
    )
    say(f"  {counted(changes.same, 'paper')} as before")
    if changes.left_out:
        say(f"  {counted(changes.left_out, 'paper')} rejected before")


def _say_papers(standing: str, papers: Mapping[str, PaperReading], *, everything: bool) -> None:
    lines = [f"{paper.published or '–'!s:<10}  {paper.title}" for paper in papers.values()]
    _say_lines(f"{counted(len(papers), 'paper')} {standing}", lines, everything=everything)


def _say_lines(heading: str, lines: Sequence[str], *, everything: bool) -> None:
    if not lines:
        return
    say(f"  {heading}:")
    shown = lines if everything else lines[:_LINES_SHOWN]
    for line in shown:
        say(f"    {line}")
    if len(lines) > len(shown):
        say(f"    and {len(lines) - len(shown):,} more: --all lists them")


def _value(name: str, value: int | float | None) -> str:
    return "–" if value is None else metric_value(name, value)


def say_refusal(held: HeldPage, refusal: Refusal) -> None:
    """What rejecting a page came to."""
    papers = counted(len(refusal.papers), "paper")
    name = f", and the name on it: {refusal.name}" if refusal.name is not None else ""
    say(f"{held.watch.person or held.watch.key}: {papers} of {held.watch.url} will be left out{name}.")
    say("To take that back: scholarwatch quarantine accept PERSON")
