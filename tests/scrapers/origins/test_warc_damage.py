"""Damaged web archives give what is whole, say what is not, and never raise."""

import gzip
import io
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.origins.warc import WarcOrigin
from scrapers.origins.warc_walk import Damage, WholeRecord, walk
from tests.scrapers.origins.asking import URL, ask
from tests.scrapers.origins.warcs import Archive, arc, http_answer, warc_record
from tracking.capture import Skipped

_RANDOM = random.Random(1)


def _body(number: int) -> bytes:
    """Not to be compressed to nothing, so that a cut finds its middle."""
    return b"<html>%d %s</html>" % (number, _RANDOM.randbytes(200).hex().encode())


def _archive(*, zipped: bool) -> Archive:
    archive = Archive(zipped=zipped)
    for number in range(1, 5):
        archive.response(f"2026-03-0{number}T08:00:00Z", _body(number))
    return archive


_PLAIN, _ZIPPED = _archive(zipped=False), _archive(zipped=True)
#: A WARC record ends with four bytes that it can do without.
_TRAILER = 4
_ARC_ANSWERS = [(f"2005030{number}080000", URL, http_answer(_body(number))) for number in range(1, 4)]


def _walk(content: bytes, tmp_path: Path, name: str = "a.warc") -> list[WholeRecord | Damage]:
    path = tmp_path / name
    path.write_bytes(content)
    with path.open("rb") as file:
        return list(walk(file, name))


def _shape(found: list[WholeRecord | Damage]) -> list[str]:
    return [("damage " if isinstance(one, Damage) else "") + str(one.position) for one in found]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archives")


@given(cut=st.integers(0, len(_PLAIN.content)))
def test_a_plain_file_cut_anywhere_gives_the_records_before(folder: Path, cut: int) -> None:
    found = _walk(_PLAIN.content[:cut], folder)
    offsets = _PLAIN.offsets
    whole = [offsets[number] for number in range(4) if offsets[number + 1] - _TRAILER <= cut]
    assert [one.position.offset for one in found if isinstance(one, WholeRecord)] == whole
    begun = offsets[len(whole)]
    assert [one.position.offset for one in found if isinstance(one, Damage)] == ([begun] if cut > begun else [])


@given(cut=st.integers(0, len(_ZIPPED.content)))
def test_a_gzip_file_cut_anywhere_gives_the_members_before(folder: Path, cut: int) -> None:
    found = _walk(_ZIPPED.content[:cut], folder, "a.warc.gz")
    whole = [offset for offset, end in zip(_ZIPPED.offsets, _ZIPPED.offsets[1:], strict=False) if end <= cut]
    assert [one.position.offset for one in found if isinstance(one, WholeRecord)] == whole
    begun = _ZIPPED.offsets[len(whole)]
    assert [one.position.offset for one in found if isinstance(one, Damage)] == ([begun] if cut > begun else [])


@given(cut=st.integers(0, len(arc(_ARC_ANSWERS))))
def test_an_arc_file_cut_anywhere_gives_the_records_before(folder: Path, cut: int) -> None:
    whole = arc(_ARC_ANSWERS)
    ends = [len(arc(_ARC_ANSWERS[:number])) - 1 for number in range(1, 4)]
    (folder / "a.arc").write_bytes(whole[:cut])
    answer = ask(WarcOrigin([folder / "a.arc"]))
    assert len(answer.bodies) == len(answer.captures) == sum(end <= cut for end in ends)


@given(at=st.integers(0, len(_ZIPPED.content) - 1), flip=st.integers(1, 255))
def test_a_byte_flipped_in_a_gzip_file_costs_its_record_alone(folder: Path, at: int, flip: int) -> None:
    damaged = bytearray(_ZIPPED.content)
    damaged[at] ^= flip
    found = _walk(bytes(damaged), folder, "a.warc.gz")
    struck = next(number for number in range(4) if at < _ZIPPED.offsets[number + 1])
    whole = {one.position.offset for one in found if isinstance(one, WholeRecord)}
    assert {offset for number, offset in enumerate(_ZIPPED.offsets[:4]) if number != struck} <= whole
    # What gzip does not check (the time in a member's head, say) is not damage.
    assert whole == set(_ZIPPED.offsets[:4]) or _shape(found)[struck] == f"damage {_ZIPPED.offsets[struck]}"


@given(at=st.integers(0, len(_PLAIN.content) - 1), flip=st.integers(1, 255))
def test_no_flipped_byte_in_a_plain_file_gives_a_page_that_never_was(folder: Path, at: int, flip: int) -> None:
    damaged = bytearray(_PLAIN.content)
    damaged[at] ^= flip
    (folder / "flipped.warc").write_bytes(damaged)
    answer = ask(WarcOrigin([folder / "flipped.warc"]))
    assert set(answer.bodies) <= {record.split(b"\r\n\r\n")[2] for record in _PLAIN.records}
    assert len(answer.bodies) >= 3


@given(st.binary(max_size=300))
def test_garbage_between_two_records_costs_neither(folder: Path, garbage: bytes) -> None:
    first, second = _PLAIN.records[:2]
    found = _walk(first + garbage + second, folder)
    whole = [one.position.offset for one in found if isinstance(one, WholeRecord)]
    assert whole == [0, len(first) + len(garbage)]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
@given(content=st.binary(max_size=400))
def test_no_file_is_beyond_walking(folder: Path, name: str, content: bytes) -> None:
    _walk(content, folder, name)
    _walk(b"WARC/1.0\r\n" + content, folder, name)
    _walk(gzip.compress(content) + content, folder, name)


def _member(content: bytes) -> bytes:
    return gzip.compress(content)


_ONE, _TWO, _THREE = _PLAIN.records[:3]
_AT = len(_ONE)


@pytest.mark.parametrize(
    ("content", "name", "shape"),
    [
        (_ONE + b"garbage\r\n" + _TWO, "a.warc", ["0", f"damage {_AT}", f"{_AT + 9}"]),
        (_ONE + b"garbage" + _TWO, "a.warc", ["0", f"damage {_AT}", f"{_AT + 7}"]),
        (b"\x00" * 200_000 + _ONE, "a.warc", ["damage 0", "200000"]),
        (_ONE[:300] + _TWO, "a.warc", ["damage 0", "300"]),
        (_ONE[:-200] + _TWO, "a.warc", ["damage 0", f"{_AT - 200}"]),
        (_ONE[:300] + b"garbage" + _ONE[:300], "a.warc", ["damage 0"]),
        (_ONE.removesuffix(b"\r\n\r\n") + _TWO, "a.warc", ["0", f"{_AT - 4}"]),
        (_ONE.replace(b"Content-Length", b"Content-Size"), "a.warc", ["damage 0"]),
        (b"WARC/1.0\r\nX: " + b"x" * 70_000 + b"\r\n\r\n" + _ONE, "a.warc", ["damage 0", "70017"]),
        (b"WARC/1.0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n" + _ONE, "a.warc", ["damage 0", "300012"]),
        (_member(_ONE) + b"garbage" + _member(_TWO), "a.warc.gz", ["0", "damage {0}", "{0}+7"]),
        (b"garbage" + _member(_ONE), "a.warc.gz", ["damage 0", "7"]),
        (b"\x1f\x8b\x08\xff" * 3 + _member(b"x") + _member(_ONE), "a.warc.gz", ["damage 0", "33"]),
        (_member(_ONE + _TWO + _THREE)[:-300], "a.warc.gz", ["0", f"0+{_AT}", f"damage 0+{_AT + len(_TWO)}"]),
        (_member(b"<html>"), "a.warc.gz", ["damage 0"]),
    ],
    ids=[
        "a line of garbage",
        "garbage before a record",
        "zeros",
        "a cut head",
        "cut content",
        "nothing but cut records",
        "no blank lines between",
        "no length",
        "an endless line",
        "an endless head",
        "garbage between members",
        "garbage before members",
        "garbage like members",
        "a file zipped as a whole, cut",
        "no archive",
    ],
)
def test_the_walk_goes_on_behind_damage(tmp_path: Path, content: bytes, name: str, shape: list[str]) -> None:
    first_member = len(_member(_ONE))
    expected = [str(first_member + 7) if part == "{0}+7" else part.replace("{0}", str(first_member)) for part in shape]
    assert _shape(_walk(content, tmp_path, name)) == expected


def test_a_record_longer_or_shorter_than_it_says_is_damage(tmp_path: Path) -> None:
    fields = {"WARC-Type": "response", "WARC-Target-URI": URL, "WARC-Date": "2026-03-01T08:00:00Z"}
    content = http_answer(b"<html></html>")
    shorter = warc_record(fields, content, length=len(content) - 3)
    longer = warc_record(fields, content, length=len(content) + 100_000)
    found = _walk(shorter + _ONE + longer + _TWO, tmp_path)
    assert _shape(found) == [
        "damage 0",
        str(len(shorter)),
        f"damage {len(shorter) + len(_ONE)}",
        str(len(shorter) + len(_ONE) + len(longer)),
    ]
    reasons = [one.reason for one in found if isinstance(one, Damage)]
    assert reasons[0] == f"the record does not end after {len(content) - 3} bytes, as it says"
    assert reasons[1].startswith("the record is cut: ")


def test_damage_is_skipped_with_its_place_in_every_survey(tmp_path: Path) -> None:
    cut = _ZIPPED.offsets[3] + 100
    (tmp_path / "a.warc.gz").write_bytes(_ZIPPED.content[:cut])
    answer = ask(WarcOrigin([tmp_path]))
    assert len(answer.bodies) == 3
    assert answer.skipped == (Skipped(f"a.warc.gz@{_ZIPPED.offsets[3]}", "the file ends within a gzip member"),)


def test_a_file_is_never_taken_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.warc"
    hole = 3_000_000_000
    with path.open("wb") as file:
        file.write(_ONE)
        head = warc_record({"WARC-Type": "resource", "WARC-Target-URI": "http://x.example/"}, b"", length=hole)
        file.write(head.removesuffix(b"\r\n\r\n"))
        file.seek(hole, io.SEEK_CUR)
        file.write(b"\r\n\r\n" + _TWO)
    tracemalloc.start()
    answer = ask(WarcOrigin([path]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(answer.bodies) == 2
    assert peak < 5_000_000


@pytest.mark.parametrize("make", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_a_huge_member_is_never_taken_into_memory(tmp_path: Path, make: Callable[[bytes], bytes]) -> None:
    fields = {"WARC-Type": "resource", "WARC-Target-URI": URL, "WARC-Date": "2026-03-01T08:00:00Z"}
    (tmp_path / "a.warc.gz").write_bytes(make(warc_record(fields, b"\0" * 60_000_000)) + make(_TWO))
    tracemalloc.start()
    answer = ask(WarcOrigin([tmp_path]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(answer.bodies), len(answer.failures)) == (1, 1)
    assert peak < 5_000_000
