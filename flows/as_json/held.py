"""A page that is held back, as JSON."""

from typing import Any

from flows.as_json.times import iso
from tracking.held_page import HeldChanges
from tracking.kept import HeldPage
from tracking.reading_json import public_paper
from tracking.rejecting import Refusal


def held_json(held: HeldPage, changes: HeldChanges) -> dict[str, Any]:
    return {
        "person": held.watch.person,
        "profile": held.watch.url,
        "held_at": iso(held.observed_at),
        "detail": held.detail,
        "complete": changes.complete,
        "name": {"before": changes.name_before, "after": changes.name_after},
        "metrics": {name: {"before": before, "after": after} for name, before, after in changes.metrics},
        "new": [public_paper(paper, key) for key, paper in changes.new.items()],
        "back": [public_paper(paper, key) for key, paper in changes.back.items()],
        "gone": [public_paper(paper, key) for key, paper in changes.gone.items()],
        "retitled": [{"before": before, "after": after} for before, after in changes.retitled],
        "same": changes.same,
        "rejected_before": changes.left_out,
    }


def refusal_json(held: HeldPage, refusal: Refusal) -> dict[str, Any]:
    return {
        "person": held.watch.person,
        "profile": held.watch.url,
        "rejected": [list(names) for names in refusal.papers],
        "name": refusal.name,
    }
