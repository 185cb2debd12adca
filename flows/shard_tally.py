"""What a shard has counted, on its way through the database to the run that it is a part of.

A shard that is done has written its tally. Of one that died only what was recorded is known: how its checks ended and
what they found, not what its pages show together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flows.manifest import FAILURES_LISTED, FailedCheck, Tally, is_failure
from storage.recorded_checks import RecordedCheck
from tracking.check import Outcome, Watch
from tracking.shape import SourceShape


def tally_to_json(tally: Tally) -> dict[str, Any]:
    return {
        "outcomes": dict(sorted(tally.outcomes.items())),
        "overtaken": tally.overtaken,
        "events": dict(sorted(tally.events.items())),
        "hosts": dict(sorted(tally.hosts.items())),
        "bytes": tally.bytes,
        "failed": tally.failed,
        "failures": [failure.to_json() for failure in tally.failures],
        "absorbed": tally.absorbed,
        "shapes": {source: _shape_to_json(shape) for source, shape in sorted(tally.shapes.items())},
    }


def named_profiles(stored: Mapping[str, Any]) -> set[int]:
    """The profiles that a stored tally speaks of by their ids."""
    shapes = stored["shapes"].values()
    return {one for shape in shapes for one in (shape["first"], *shape["examples"].values()) if one is not None}


def tally_from_json(stored: Mapping[str, Any], watches: Mapping[int, Watch]) -> Tally:
    """What `tally_to_json` gave; ``watches`` are the `named_profiles`, by id."""
    return Tally(
        outcomes=Counter({Outcome(outcome): count for outcome, count in stored["outcomes"].items()}),
        overtaken=stored["overtaken"],
        events=Counter(stored["events"]),
        hosts=Counter(stored["hosts"]),
        bytes=stored["bytes"],
        failed=stored["failed"],
        failures=[FailedCheck(**failure | {"outcome": Outcome(failure["outcome"])}) for failure in stored["failures"]],
        absorbed=stored["absorbed"],
        shapes={source: _shape_from_json(shape, watches) for source, shape in stored["shapes"].items()},
    )


def _shape_to_json(shape: SourceShape) -> dict[str, Any]:
    return shape.to_json() | {
        "first": None if shape.first is None else shape.first.profile_id,
        "examples": {trait: watch.profile_id for trait, watch in sorted(shape.examples.items())},
    }


def _shape_from_json(stored: Mapping[str, Any], watches: Mapping[int, Watch]) -> SourceShape:
    shape = SourceShape.from_json(stored)
    shape.first = watches.get(stored["first"])
    shape.examples = {trait: watches[one] for trait, one in stored["examples"].items() if one in watches}
    return shape


def tally_of_recorded(checks: Iterable[RecordedCheck]) -> Tally:
    """What can be counted of checks that are on record."""
    tally = Tally()
    for check in checks:
        tally.hosts[urlsplit(check.url).netloc] += 1
        if check.outcome is None:
            tally.overtaken += 1
            continue
        tally.outcomes[check.outcome] += 1
        tally.bytes += check.size
        tally.events.update(check.events)
        if is_failure(check.outcome):
            tally.failed += 1
            if len(tally.failures) < FAILURES_LISTED:
                tally.failures.append(
                    FailedCheck(profile=check.url, person=check.person, outcome=check.outcome, detail=check.detail)
                )
    return tally
