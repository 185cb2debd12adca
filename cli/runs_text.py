"""What runs did, in words: from their manifests."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.output import as_words, counted, minute, spaced
from flows.deeds import deeds, news, undone
from tracking.sharding import ShardState
from tracking.view import RunState, RunView


def tracked_lines(tracked: Mapping[str, Any]) -> Iterator[str]:
    """What a run of checks did."""
    if (beat := tracked.get("heartbeat")) is not None and beat["error"]:
        yield f"! The heartbeat was not heard: {beat['error']}."
    if (broken := tracked.get("broken")) is not None:
        yield f"! {broken}."
    if (skipped := tracked.get("skipped")) is not None:
        yield f"Left early: {skipped['detail']}."
        return
    profiles = tracked["profiles"]
    if not profiles:
        yield "Nothing to check: every profile was checked at this time or later."
        return
    seconds = tracked["elapsed_seconds"]
    checked = counted(profiles - tracked.get("left", 0), "profile")
    yield f"{checked} checked in {seconds:.1f} s: {as_words(tracked['outcomes'])}."
    for failure in tracked["failures"]:
        yield f"  {spaced(failure['outcome'])}: {failure['person'] or failure['profile']}: {failure['detail']}"
    unlisted = tracked["failed"] - len(tracked["failures"])
    if unlisted > 0:
        yield f"  and {unlisted:,} more that could not be read"
    for shard in tracked.get("shards", ()):
        if shard["left"] or shard["state"] != ShardState.DONE:
            yield f"! {_shard_left(shard)}"
    yield f"Recorded: {news(tracked)}."


def _shard_left(shard: Mapping[str, Any]) -> str:
    """``Shard 2 (lab-7, process 4711) died; 13 profiles left to the next run.``"""
    worker = f" ({shard['worker']})" if shard["worker"] else ""
    ended = "had not all of its hosts" if shard["state"] == ShardState.DONE else spaced(shard["state"])
    why = f": {shard['detail']}" if shard["detail"] else ""
    left = counted(shard["left"], "profile")
    return f"Shard {shard['shard']}{worker} {ended}{why}; {left} left to the next run."


def row_of_run(run: RunView) -> tuple[str, str, str, str, str]:
    """Id, kind, time, state, and in a few words what it did."""
    state = f"taken back {minute(run.reverted_at)}" if run.state is RunState.REVERTED else run.state.value
    return run.run_id, run.kind, minute(run.now), state, deeds(run.kind, run.manifest) if run.manifest else ""


def planned_lines(run: RunView, planned: Mapping[str, Any]) -> Iterator[str]:
    """What taking a run back would do."""
    yield f"Run {run.run_id} is a run of {run.kind}, of {minute(run.now)}. To be taken back: {undone(planned)}."
    yield from _messages(planned, dropped="would be dropped", told="would hear")


def reverted_lines(reverted: Mapping[str, Any]) -> Iterator[str]:
    """What taking a run back did."""
    yield f"Run {reverted['reverted']} is taken back: {undone(reverted)}."
    yield from _messages(reverted, dropped="dropped", told="hears")


def _messages(manifest: Mapping[str, Any], *, dropped: str, told: str) -> Iterator[str]:
    if manifest["waiting"]:
        yield f"Not told yet, and {dropped}: {counted(manifest['waiting'], 'item')}."
    for receiver, count in manifest["corrections"].items():
        yield f"{receiver} {told} that {counted(count, 'thing')} told before {'does' if count == 1 else 'do'} not hold."
    for receiver in manifest["absent"]:
        yield f"{receiver} was told of it, and is not in the configuration any more."
