"""What a rehearsal goes by: who is followed, by which rules, and who hears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.judge import Addressee
from alerts.matching import RuleSet
from alerts.rehearsal_outbox import AT_ONCE, Deliveries
from alerts.subject import Subject
from tracking.memory import Spells
from tracking.reading import PaperReading
from tracking.recount import Place
from tracking.silence import Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A profile as today's configuration has it."""

    subject: Subject
    #: That is asked for it.
    host: str
    #: That hold for the person.
    rules: RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What a rehearsal goes by."""

    #: By the id of the profile; what others told is left out.
    followed: Mapping[int, Followed]
    receivers: Sequence[Addressee]
    silences: Sequence[Silence] = ()
    first_versions: Mapping[str, str] = field(default_factory=dict)
    deliveries: Deliveries = AT_ONCE
    #: Whether a source that was told to count a metric anew went on with it at a time.
    counts_on: Callable[[Place, datetime], bool] = lambda _place, _at: False

    @property
    def rule_sets(self) -> list[RuleSet]:
        """Each of them once."""
        return list({id(one.rules): one.rules for one in self.followed.values()}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules look at beside the events of a part of history."""

    #: By the id of the event.
    papers: Mapping[str, PaperReading] = field(default_factory=dict)
    #: By profile and metric.
    values: Mapping[int, Mapping[str, Spells]] = field(default_factory=dict)
