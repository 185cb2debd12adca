"""Writing blobs against other bases than those they stand on, when these are let go of."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from storage import archive
from storage.archive import Content
from storage.chains import Chains, Link

#: By blob: others of the same profile whose contents are like its own, and which are kept.
Neighbours = Mapping[int, Sequence[int]]


def neighbours(shown: Iterable[tuple[int, int]], gone: Collection[int]) -> Neighbours:
    """Of each page the last kept one before it, of each reading the last one before it and the last kept page.

    ``shown`` are the pages and the readings of a profile's snapshots, in the order of time.
    """
    near: dict[int, Sequence[int]] = {}
    page: list[int] = []
    reading: list[int] = []
    for page_id, reading_id in shown:
        if page_id not in gone:
            near.setdefault(page_id, page)
            page = [page_id]
        near.setdefault(reading_id, reading + page)
        reading = [reading_id]
    return near


def rebase(connection: Connection, blob_id: int, leaving: Collection[int], near: Collection[int]) -> int:
    """Write a blob that stands on one of ``leaving`` anew; how many bytes it takes more than before.

    The smallest is taken of the content on its own, and of its differences to what is ``near`` or below it and stays.
    No chain becomes longer. Raises ArchiveError where the content is damaged: it is then left as it is.
    """
    chains = Chains.of(connection, [blob_id, *near])
    blob = chains.chain(blob_id)[-1]
    if blob.base_id not in leaving:
        return 0
    # What stands on the blob is deeper than it, so that no circle can come about.
    bases = {
        base.id: Content(base.sha256, chains.body(base.id))
        for other in (blob_id, *near)
        if (base := _last_below(chains.chain(other), blob.depth, leaving)) is not None
    }
    packed = archive.pack_smallest(Content(blob.sha256, chains.body(blob_id)), bases.values())
    archive.rewrite(connection, blob_id, packed)
    return len(packed.compressed) - len(blob.data)


def _last_below(chain: Sequence[Link], depth: int, leaving: Collection[int]) -> Link | None:
    """The link of the chain nearest to its end that stays and stands on fewer bases than ``depth``."""
    return next(
        (link for link in reversed(chain) if link.depth < depth and link.id not in leaving and not link.is_retired),
        None,
    )
