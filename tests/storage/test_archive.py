"""The archive gives back what was put into it, in little room, or says which blob is damaged."""

import random
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select, update

from storage import tables
from storage.archive import DEPTH_MAX, Content, load, load_bases, load_kept, pack, retire, store
from storage.engine import Database
from storage.errors import ArchiveError, RetiredError, StoreError


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    opened = Database.at(database)
    with opened.writing() as connection:
        yield connection
    opened.engine.dispose()


def _prose(seed: int, words: int = 4_000) -> bytes:
    chosen = random.Random(seed)
    return b" ".join(b"%x" % chosen.getrandbits(36) for _ in range(words))


def _put(connection: Connection, body: bytes, *bases: bytes) -> int:
    content = Content.of(body)
    return store(connection, [pack(content, [Content.of(base) for base in bases])])[content.sha256]


def _depth(connection: Connection, blob_id: int) -> int:
    return int(connection.execute(select(tables.blob.c.depth).where(tables.blob.c.id == blob_id)).scalar_one())


@given(st.binary(max_size=3_000), st.binary(max_size=3_000))
def test_a_difference_is_never_larger_than_the_content_needs(base: bytes, body: bytes) -> None:
    alone = pack(Content.of(body), [])
    assert len(pack(Content.of(body), [Content.of(base)]).compressed) <= max(len(alone.compressed), 512)


def test_of_a_long_chain_one_content_is_held_at_a_time(connection: Connection) -> None:
    size = 1_000_000
    body = random.Random(1).randbytes(size)
    blob_id = _put(connection, body)
    for number in range(DEPTH_MAX):
        changed = body[:-1] + bytes([number])
        blob_id = _put(connection, changed, body)
        body = changed
    assert _depth(connection, blob_id) == DEPTH_MAX
    tracemalloc.start()
    try:
        loaded = load(connection, [blob_id])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert loaded == {blob_id: body}
    # Two contents while one is made from the other, the rows of the chain, and the first content compressed.
    assert peak < 6 * size


@pytest.mark.parametrize("body", [b"", b"x", _prose(1), bytes(100_000)], ids=["empty", "byte", "prose", "zeros"])
def test_content_comes_back(connection: Connection, body: bytes) -> None:
    blob_id = _put(connection, body)
    assert load(connection, [blob_id]) == {blob_id: body}


def test_the_same_content_is_stored_once(connection: Connection) -> None:
    first, second = _prose(1), _prose(2)
    ids = [_put(connection, first), _put(connection, second), _put(connection, first, second)]
    assert ids[0] == ids[2]
    assert connection.execute(select(func.count()).select_from(tables.blob)).scalar_one() == 2


def test_a_small_change_takes_few_bytes(connection: Connection) -> None:
    before = _prose(1)
    after = before.replace(before[9_000:9_004], b"1311", 1)
    _put(connection, before)
    assert len(pack(Content.of(after), [Content.of(before)]).compressed) < 60


def test_content_that_is_another_stands_on_its_own(connection: Connection) -> None:
    first = _put(connection, _prose(1))
    second = _put(connection, _prose(2), _prose(1))
    assert [_depth(connection, blob_id) for blob_id in (first, second)] == [0, 0]


def test_the_first_base_that_helps_is_taken() -> None:
    body, near = _prose(1) + b"!", _prose(1)
    assert pack(Content.of(body), [Content.of(_prose(2)), Content.of(near)]).base == Content.of(near).sha256


def test_chains_stay_short_and_differences_small(connection: Connection) -> None:
    """Sixty changes of one page: never deeper than allowed, never again in full."""
    body = _prose(1)
    blob_id = _put(connection, body)
    for number in range(60):
        base = load_bases(connection, [blob_id])[blob_id]
        body = b"%d citations " % number + body
        packed = pack(Content.of(body), [base])
        assert len(packed.compressed) < 600
        blob_id = store(connection, [packed])[packed.sha256]
        assert 1 <= _depth(connection, blob_id) <= DEPTH_MAX
        assert load(connection, [blob_id]) == {blob_id: body}


@pytest.mark.parametrize("place", [0, 4, 5, 40, -1])
def test_a_flipped_byte_is_found_and_the_blob_is_named(connection: Connection, place: int) -> None:
    body = _prose(1)
    blob_id = _put(connection, body)
    data = bytearray(connection.execute(select(tables.blob.c.data)).scalar_one())
    data[place] ^= 0x10
    connection.execute(update(tables.blob).values(data=bytes(data)))
    with pytest.raises(ArchiveError, match=Content.of(body).sha256.hex()[:16]):
        load(connection, [blob_id])


def test_content_under_another_name_is_found(connection: Connection) -> None:
    first, second = _put(connection, _prose(1)), _put(connection, _prose(2))
    columns = tables.blob.c
    other = connection.execute(select(columns.data, columns.checksum).where(columns.id == second)).one()
    exchanged = update(tables.blob).where(columns.id == first).values(data=other.data, checksum=other.checksum)
    connection.execute(exchanged)
    with pytest.raises(ArchiveError, match="another sha256"):
        load(connection, [first])


def test_a_difference_to_something_else_is_found(connection: Connection) -> None:
    _put(connection, _prose(1))
    blob_id = _put(connection, _prose(1) + b"more", _prose(1))
    other = _put(connection, b"short")
    connection.execute(update(tables.blob).where(tables.blob.c.id == blob_id).values(base_id=other))
    with pytest.raises(ArchiveError, match=Content.of(_prose(1) + b"more").sha256.hex()[:16]):
        load(connection, [blob_id])


def test_of_a_chain_the_damaged_blob_is_named(connection: Connection) -> None:
    first, second = _prose(1), _prose(1) + b"more"
    damaged = _put(connection, first)
    blob_id = _put(connection, second, first)
    data = bytearray(connection.execute(select(tables.blob.c.data).where(tables.blob.c.id == damaged)).scalar_one())
    data[len(data) // 2] ^= 1
    connection.execute(update(tables.blob).where(tables.blob.c.id == damaged).values(data=bytes(data)))
    with pytest.raises(ArchiveError) as caught:
        load(connection, [blob_id])
    assert caught.value.sha256 == Content.of(first).sha256


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"encoding": "gzip"}, "nothing is stored as 'gzip'"),
        ({"encoding": "zstd"}, "nothing is stored as 'zstd'"),
        ({"size": 7}, "not 7"),
        ({"base_id": None}, "nothing is stored as"),
        ({"base_id": 2}, "what it is a difference to is not there"),
    ],
    ids=["unknown encoding", "another encoding", "another size", "no base", "its own base"],
)
def test_every_column_is_checked(connection: Connection, values: dict[str, Any], reason: str) -> None:
    first, second = _prose(1), _prose(1) + b"more"
    assert [_put(connection, first), _put(connection, second, first)] == [1, 2]
    connection.execute(update(tables.blob).where(tables.blob.c.id == 2).values(values))
    with pytest.raises(ArchiveError, match=reason) as caught:
        load(connection, [2])
    assert caught.value.sha256 == Content.of(second).sha256


def test_a_blob_that_is_not_there_is_named(connection: Connection) -> None:
    with pytest.raises(StoreError, match="no blob 7"):
        load(connection, [7])


def test_what_was_let_go_of_is_told_from_damage(connection: Connection) -> None:
    body, kept = _prose(1), _put(connection, b"kept")
    blob_id = _put(connection, body)
    retire(connection, [blob_id], date(2026, 3, 4))
    with pytest.raises(RetiredError) as caught:
        load(connection, [kept, blob_id])
    assert (caught.value.sha256, caught.value.on) == (Content.of(body).sha256, "2026-03-04")
    assert str(caught.value).endswith(f"of {len(body):,} bytes was let go of on 2026-03-04, to save room")
    assert load_kept(connection, [kept, blob_id]) == {kept: b"kept"}
    assert load_bases(connection, [kept, blob_id]).keys() == {kept}


def test_what_stands_on_a_tombstone_is_damaged(connection: Connection) -> None:
    before, after = _prose(1), _prose(1) + b"more"
    base, blob_id = _put(connection, before), _put(connection, after, before)
    retire(connection, [base], date(2026, 3, 4))
    with pytest.raises(ArchiveError, match="what it is a difference to is not there") as caught:
        load(connection, [blob_id])
    assert not isinstance(caught.value, RetiredError)


def test_content_that_comes_again_fills_its_tombstone(connection: Connection) -> None:
    first, second = _prose(1), _prose(1) + b"more"
    ids = [_put(connection, first), _put(connection, second, first)]
    retire(connection, [ids[1]], date(2026, 3, 4))
    assert _put(connection, second, first) == ids[1]
    assert load(connection, ids) == {ids[0]: first, ids[1]: second}


@pytest.mark.parametrize("gone", ["let go of", "deleted"])
def test_a_base_that_is_gone_when_its_difference_is_stored_is_done_without(connection: Connection, gone: str) -> None:
    """Content is compressed before anybody waits for the right to write."""
    before, after = Content.of(_prose(1)), Content.of(_prose(1) + b"more")
    base = _put(connection, before.body)
    packed = pack(after, [before])
    assert packed.base == before.sha256
    if gone == "deleted":
        connection.execute(delete(tables.blob))
    else:
        retire(connection, [base], date(2026, 3, 4))
    blob_id = store(connection, [packed])[after.sha256]
    assert load(connection, [blob_id]) == {blob_id: after.body}
    assert _depth(connection, blob_id) == 0
