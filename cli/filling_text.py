"""What ``backfill`` found and did, in words: from its plan and its manifest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from alerts.figures import elapsed
from cli.output import as_words, counted, minute, spaced

_ORIGINS = {
    "wayback": "Wayback Machine",
    "memento": "Archive",
    "pages": "Saved pages",
    "warc": "WARC files",
    "git": "Repository",
}


def planned_lines(plan: dict[str, Any]) -> Iterator[str]:
    """What a dry run found."""
    of_profiles = f"of {counted(len(plan['profiles']), 'profile')}"
    yield f"{_ORIGINS[plan['origin']]}: {_captures(plan)} {of_profiles}, {plan['new']:,} of them new."
    for profile in plan["profiles"]:
        yield f"  {profile['person']} ({profile['profile']}): {profile['trouble'] or _news(profile)}"
    yield from _skips(plan)
    if plan["new"]:
        yield _effort(plan)
    yield "Nothing was read or recorded; the same without --dry-run does it."


def _news(profile: dict[str, Any]) -> str:
    return f"{_captures(profile)}, {profile['new']:,} new"


def _captures(counts: dict[str, Any]) -> str:
    return counted(counts["captures"], "capture")


def _effort(plan: dict[str, Any]) -> str:
    """How many requests, and how long they take."""
    if not plan["requests"]:
        return "They are at hand: reading them asks nobody."
    start = datetime.fromisoformat(plan["now"])
    long = elapsed(start, start + timedelta(seconds=plan["seconds"]))
    return f"Reading them takes {counted(plan['requests'], 'request')} and, at the polite pace, {long}."


def filled_lines(manifest: dict[str, Any]) -> Iterator[str]:
    """What a backfill did."""
    known = f", {manifest['known']:,} recorded before" if manifest["known"] else ""
    yield f"{_ORIGINS[manifest['origin']]}: {_captures(manifest)} of {counted(manifest['profiles'], 'profile')}{known}."
    if manifest["outcomes"]:
        seconds = manifest["elapsed_seconds"]
        yield f"{manifest['read']:,} read in {seconds:.1f} s: {as_words(manifest['outcomes'])}."
    for failure in manifest["failures"]:
        yield f"  {spaced(failure['outcome'])}: {_whose(failure)}: {failure['detail']}"
    unlisted = manifest["failed"] - len(manifest["failures"])
    if unlisted:
        yield f"  and {unlisted:,} more that could not be read"
    yield from _skips(manifest)
    yield f"Recorded: {as_words(manifest['events']) if manifest['events'] else 'nothing new'}."
    if manifest["withdrawn"]:
        verb = "reads" if manifest["withdrawn"] == 1 else "read"
        yield f"{counted(manifest['withdrawn'], 'event')} recorded before now {verb} otherwise, or happened earlier."


def _whose(failure: dict[str, Any]) -> str:
    observed_at = failure["observed_at"]
    when = f", {minute(datetime.fromisoformat(observed_at))}" if observed_at else ""
    place = f", {failure['place']}" if failure["place"] and failure["place"] not in failure["detail"] else ""
    return f"{failure['person']}{when}{place}"


def _skips(counts: dict[str, Any]) -> Iterator[str]:
    if counts["skipped"]:
        yield "Left out:"
    for skip in counts["skips"]:
        yield f"  {skip['place']}: {skip['reason']}"
    unlisted = counts["skipped"] - len(counts["skips"])
    if unlisted:
        yield f"  and {unlisted:,} more"
