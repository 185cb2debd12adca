"""The archive gives back what was put into it, in little room, or says which blob is damaged."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, update

from storage import tables
from storage.archive import DEPTH_MAX, Content, load, load_bases, pack, store
from storage.engine import Database
from storage.errors import ArchiveError


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
