"""``verify``: proof of one event, or of everything that is recorded."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Config, Database
from cli.output import counted, print_json, say
from cli.reading import open_store

if TYPE_CHECKING:
    from storage.store import Store
    from tracking.proof import Ground, Proof, Standing, Step


def verify(
    event: Annotated[
        str | None,
        typer.Argument(metavar="EVENT", help="The id of an event, or a beginning of it: see events --json."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="The whole database, with a few pages in memory.")] = False,
    config: Config = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Prove an event, down to the raw bytes of its page.

    Each step from what was told of it to the headers that came with the page is computed again.
    With --all: every event, fact, reading, page and message. A dash marks what can not be computed again, and says why.
    Exit code 1: something is not as it was recorded.
    """
    if (event is None) != everything:
        raise typer.BadParameter("name one event, or all of them with --all", param_hint="'EVENT'")
    with open_store(config, database) as store:
        failed = _verify_all(store, as_json=as_json) if event is None else _verify_event(store, event, as_json=as_json)
    if failed:
        raise typer.Exit(1)


# ---- one event


def _verify_event(store: "Store", asked: str, *, as_json: bool) -> bool:
    from cli.views_text import event_line
    from flows.as_json.account import proof_json
    from flows.verify import verify_event
    from storage.errors import UnknownEvent
    from tracking.proof import Standing

    try:
        event, steps = verify_event(store, asked)
    except UnknownEvent as error:
        raise typer.BadParameter(str(error), param_hint="'EVENT'") from None
    standings = Counter(step.standing for step in steps)
    failed = standings[Standing.FAILS] > 0
    if as_json:
        print_json(proof_json(event, steps))
    say(event_line(event), as_json=as_json)
    for line in _event_lines(steps, whose=f"{event.person} ({event.source}/{event.profile})"):
        say(line, as_json=as_json)
    say(_conclusion(standings[Standing.FAILS], standings[Standing.OPEN]), as_json=as_json)
    return failed


def _event_lines(steps: "Sequence[Step]", *, whose: str) -> Iterator[str]:
    """A line for each step; facts that hold are many, and one line. ``whose`` goes without saying."""
    from tracking.proof import Ground, Standing

    held = [step for step in steps if (step.ground, step.standing) == (Ground.FACTS, Standing.HOLDS)]
    for step in steps:
        if step not in held:
            place = step.place.removeprefix(whose).removeprefix(", ")
            yield _line(step.ground, step.standing, f"{place}: {step.text}" if place else step.text)
        elif step is held[0]:
            text = f"{counted(len(held), 'fact')} of its page and the one before: folded again, the same"
            yield _line(step.ground, step.standing, text)


def _line(ground: "Ground", standing: "Standing", text: str) -> str:
    return f"{_mark(standing)} {ground:<8} {text}"


def _mark(standing: "Standing") -> str:
    return {"holds": "✓", "fails": "✗", "open": "–"}[standing]


def _conclusion(failed: int, unproven: int) -> str:
    if failed:
        return f"Not proven: {counted(failed, 'step')} {'fails' if failed == 1 else 'fail'}."
    return f"Proven, but for {counted(unproven, 'step')} that can not be repeated." if unproven else "Proven."


# ---- everything


def _verify_all(store: "Store", *, as_json: bool) -> bool:
    from cli.progress import progress_bar
    from flows.verify import verify_all

    with progress_bar("Proving") as progress:
        proof = verify_all(store, progress=progress)
    if as_json:
        print_json(proof.to_json())
    for line in _lines(proof):
        say(line, as_json=as_json)
    return proof.failed > 0


def _lines(proof: "Proof") -> Iterator[str]:
    from tracking.proof import Ground, Standing

    for ground in Ground:
        counts = {standing: proof.counts[ground, standing] for standing in Standing}
        if any(counts.values()):
            marks = "  ".join(f"{_mark(standing)} {count:>9,}" for standing, count in counts.items())
            yield f"{ground:<8}  {marks}"
    for (ground, reason), count in sorted(proof.reasons.items()):
        yield _line(ground, Standing.OPEN, f"{count:,} × {reason}")
    for fault in proof.faults:
        yield _line(fault.ground, fault.standing, f"{fault.place}: {fault.text}")
    if unlisted := proof.failed - len(proof.faults):
        yield f"  and {unlisted:,} more that fail"
    yield _conclusion(proof.failed, sum(proof.reasons.values()))
