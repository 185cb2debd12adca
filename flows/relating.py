"""What several sources show of one person: one of them is the first, in whatever order they answer."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from storage.store import Store
from tracking.check import CheckIntent, Finding, Known, Watch
from tracking.elsewhere import first_met, relate

Check = tuple[Watch, Finding]


def one_profile_of_each_person(checks: Sequence[Check]) -> list[list[Check]]:
    """The checks in parts that are to be written one after the other."""
    parts: defaultdict[int, list[Check]] = defaultdict(list)
    before: Counter[int] = Counter()
    for check in checks:
        person_id = check[0].person_id
        parts[before[person_id]].append(check)
        before[person_id] += 1
    return list(parts.values())


def related(
    store: Store, watches: Sequence[Watch], intents: Sequence[CheckIntent], known: Mapping[int, Known]
) -> list[CheckIntent]:
    """The intents with what the other profiles of each person have shown by now.

    The store is asked about those only that meet a paper first: on an ordinary day there are few.
    """
    asked = [intent.profile_id for intent in intents if first_met(intent, known.get(intent.profile_id))]
    elsewhere = store.elsewhere(asked) if asked else {}
    return [
        relate(intent, watch, known.get(intent.profile_id), elsewhere.get(intent.profile_id, ()))
        for watch, intent in zip(watches, intents, strict=True)
    ]
