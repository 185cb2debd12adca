"""What runs did, in words: from their manifests."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.output import as_words, counted, minute, spaced
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
    yield f"Recorded: {_events(tracked)}."


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
    return run.run_id, run.kind, minute(run.now), state, _deeds(run.kind, run.manifest) if run.manifest else ""


def _deeds(kind: str, manifest: Mapping[str, Any]) -> str:
    match kind:
        case "track" if "skipped" in manifest:
            return str(manifest["skipped"]["detail"])
        case "track":
            return f"{counted(manifest['profiles'], 'profile')}: {as_words(manifest['outcomes'])}; {_events(manifest)}"
        case "deliver":
            return f"{manifest['delivered']:,} of {counted(manifest['messages'], 'message')}"
        case "backfill":
            of_profiles = f"of {counted(manifest['profiles'], 'profile')}"
            return f"{counted(manifest['captures'], 'capture')} {of_profiles}; {_events(manifest)}"
        case "replay":
            return f"{counted(manifest['pages'], 'page')} read again, {manifest['different']:,} otherwise than before"
        case "watch":
            found = counted(manifest["failed"], "thing") if manifest["failed"] else "nothing"
            return f"{found} wrong; told: {_events(manifest)}"
        case "keep":
            return f"let go of {counted(manifest['pages'], 'page')}"
        case "revert":
            return f"took run {manifest['reverted']} back: {_undone(manifest)}"
    return ""


def planned_lines(run: RunView, planned: Mapping[str, Any]) -> Iterator[str]:
    """What taking a run back would do."""
    yield f"Run {run.run_id} is a run of {run.kind}, of {minute(run.now)}. To be taken back: {_undone(planned)}."
    yield from _messages(planned, dropped="would be dropped", told="would hear")


def reverted_lines(reverted: Mapping[str, Any]) -> Iterator[str]:
    """What taking a run back did."""
    yield f"Run {reverted['reverted']} is taken back: {_undone(reverted)}."
    yield from _messages(reverted, dropped="dropped", told="hears")


def _undone(manifest: Mapping[str, Any]) -> str:
    parts = [counted(manifest["profiles"], "profile"), counted(manifest["snapshots"], "snapshot")]
    events = sum(manifest["events"].values())
    parts.append(f"{counted(events, 'event')} ({as_words(manifest['events'])})" if events else "no event")
    return ", ".join(parts)


def _messages(manifest: Mapping[str, Any], *, dropped: str, told: str) -> Iterator[str]:
    if manifest["waiting"]:
        yield f"Not told yet, and {dropped}: {counted(manifest['waiting'], 'item')}."
    for receiver, count in manifest["corrections"].items():
        yield f"{receiver} {told} that {counted(count, 'thing')} told before {'does' if count == 1 else 'do'} not hold."
    for receiver in manifest["absent"]:
        yield f"{receiver} was told of it, and is not in the configuration any more."


def _events(manifest: Mapping[str, Any]) -> str:
    return as_words(manifest["events"]) if manifest["events"] else "nothing new"
