"""Pages that are held back, read again for the one who has to decide about them."""

from datetime import UTC, datetime

from scrapers.parse import parse_page
from storage.errors import StoreError
from storage.store import Store
from tracking.check import Failure, Known, Parsed
from tracking.held_page import HeldChanges, held_changes
from tracking.kept import HeldPage
from tracking.rejecting import Refusal, as_believed, refuse


def look_at(store: Store, held: HeldPage) -> HeldChanges:
    """What a page that is held back says otherwise. Raises StoreError where it can not be read any more."""
    known, parsed = _read(store, held)
    return held_changes(known, parsed.reading, parsed.left_out)


def reject(store: Store, held: HeldPage, now: datetime) -> Refusal:
    """Remember that nothing new on this page is of the person; what that is.

    Raises StoreError where it can not be read any more, or waits no more.
    """
    known, parsed = _read(store, held)
    refusal = refuse(known, parsed.reading)
    store.reject_held(held, refusal, now)
    return refusal


def _read(store: Store, held: HeldPage) -> tuple[Known, Parsed]:
    watch = held.watch
    known = store.known([watch.profile_id]).get(watch.profile_id)
    if known is None:
        raise StoreError(f"{watch.url}: there is no accepted page to compare with")
    if held.page is None:
        raise StoreError(f"{watch.url}: the page has been let go of, to save room")
    answer = parse_page(watch.source, held.page, held.observed_at.astimezone(UTC).date())
    if isinstance(answer, Failure):
        raise StoreError(f"{watch.url}: the page can not be read any more: {answer.detail}")
    return known, as_believed(watch, answer, known, held.observed_at)
