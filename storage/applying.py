"""Writing what was decided: one transaction for a batch of checks, all of it or nothing.

pages are compressed → lock → revisions claimed → keys settled → papers, snapshots, intervals, events, outbox
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import compress

from storage import snapshots
from storage.engine import Database
from storage.events import record_events
from storage.identities import Identities
from storage.links import record_links
from storage.presence import record_listings, record_metrics
from storage.profiles import claim, log_checks, name_persons
from storage.unread import record_unread
from tracking.alert import Verdict
from tracking.check import CheckIntent

Decision = tuple[CheckIntent, Sequence[Verdict]]


def apply(database: Database, decisions: Sequence[Decision], run_id: int, recorded_at: datetime) -> list[bool]:
    """Write the decisions; False for each whose profile has been checked since it was decided.

    Raises ValueError for two decisions about one profile: the second would stand on what the first changes.
    """
    intents = [intent for intent, _ in decisions]
    if len({intent.profile_id for intent in intents}) < len(intents):
        raise ValueError("two decisions about one profile in one batch")
    with database.reading() as connection:
        bases = snapshots.load_bases(
            connection, [intent.profile_id for intent in intents if intent.snapshot is not None or intent.unread]
        )
    pages = snapshots.pack_pages(intents, bases)
    with database.writing() as connection:
        claimed = claim(connection, intents)
        identities = Identities.load(connection, list(compress(intents, claimed)))
        settled = [identities.settle(intent) for intent in compress(intents, claimed)]
        paper_ids = identities.write()
        log_checks(connection, settled, run_id)
        name_persons(connection, settled)
        snapshots.confirm(connection, settled)
        snapshots.record(connection, settled, pages, run_id, recorded_at)
        record_unread(connection, settled, bases)
        record_listings(connection, settled, paper_ids)
        record_metrics(connection, settled)
        record_links(connection, settled, paper_ids, run_id)
        record_events(
            connection,
            [event for intent in settled for event in intent.events],
            [verdict for _, verdicts in compress(decisions, claimed) for verdict in verdicts],
            paper_ids,
            run_id,
            recorded_at,
        )
    return claimed
