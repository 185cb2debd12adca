"""Web archives: which records are captures, and what they give."""

import asyncio
import gzip
import zlib
from pathlib import Path

import pytest

from scrapers.origins.warc import WarcOrigin
from tests.scrapers.origins.asking import OTHER_URL, URL, Answer, ask, survey_all, utc
from tests.scrapers.origins.warcs import Archive, arc, chunked, http_answer, payload_digest, warc_record
from tracking.capture import OriginError, Skipped
from tracking.check import Failure, Outcome, Page

FIRST = "2026-03-01T08:00:00Z"
SECOND = "2026-03-02T08:00:00Z"
THIRD = "2026-03-03T08:00:00Z"
BODY = "<html><body><p>Zürich</p></body></html>".encode()
OTHER_BODY = b"<html><body><p>Basel</p></body></html>"


def _ask(tmp_path: Path, archive: Archive) -> Answer:
    return ask(WarcOrigin([archive.save(tmp_path / "a.warc")]))


def _statuses(answer: Answer) -> list[int]:
    return [page.status for page in answer.pages if isinstance(page, Page)]


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_answers_are_captures(tmp_path: Path, version: str, *, zipped: bool) -> None:
    archive = Archive(zipped=zipped, version=version)
    archive.request(SECOND)
    archive.response(SECOND, OTHER_BODY, headers={"Content-Type": "text/html", "ETag": '"2"', "X-A": "1"})
    archive.response(FIRST, BODY, url="http://scholarfeed.org:80/author/1/#papers")
    archive.response(FIRST, BODY, url=OTHER_URL)
    answer = ask(WarcOrigin([archive.save(tmp_path / "a.warc.gz")]))
    offsets = archive.offsets
    assert answer.places == [f"a.warc.gz@{offsets[2]}", f"a.warc.gz@{offsets[1]}"]
    assert answer.times == ["2026-03-01T08:00:00+00:00", "2026-03-02T08:00:00+00:00"]
    assert answer.skipped == ()
    assert answer.pages == (
        Page(
            url="http://scholarfeed.org:80/author/1/#papers",
            status=200,
            headers={"content-type": "text/html; charset=utf-8"},
            body=BODY,
        ),
        Page(url=URL, status=200, headers={"content-type": "text/html", "etag": '"2"', "x-a": "1"}, body=OTHER_BODY),
    )
    digests = [capture.digest for capture in answer.captures]
    assert digests[0] != digests[1]
    assert all(digest is not None and digest.startswith("sha1:") for digest in digests)


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])
def test_arc(tmp_path: Path, *, zipped: bool) -> None:
    path = tmp_path / "old.arc"
    path.write_bytes(
        arc(
            [
                ("20050302080000", URL, http_answer(OTHER_BODY)),
                ("20050301080000", URL, http_answer(BODY)),
                ("20050301080000", OTHER_URL, http_answer(OTHER_BODY)),
            ],
            zipped=zipped,
        )
    )
    answer = ask(WarcOrigin([path]))
    assert answer.times == ["2005-03-01T08:00:00+00:00", "2005-03-02T08:00:00+00:00"]
    assert (answer.bodies, answer.skipped) == ([BODY, OTHER_BODY], ())


def test_a_file_zipped_as_a_whole_is_read_too(tmp_path: Path) -> None:
    archive = Archive()
    archive.response(FIRST, BODY)
    archive.response(SECOND, OTHER_BODY)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(archive.content))
    answer = ask(WarcOrigin([tmp_path / "a.warc.gz"]))
    assert answer.places == ["a.warc.gz@0", f"a.warc.gz@0+{archive.offsets[1]}"]
    assert (answer.bodies, answer.skipped) == ([BODY, OTHER_BODY], ())


def test_since_and_until_are_included(tmp_path: Path) -> None:
    archive = Archive()
    for day in range(1, 6):
        archive.response(f"2026-03-0{day}T08:00:00Z", BODY)
        archive.response(f"2026-03-0{day}T09:00:00Z", b"", status="302 Found", headers={"Location": "/b"})
    answer = ask(
        WarcOrigin([archive.save(tmp_path / "a.warc")]), since=utc("2026-03-02T08:00"), until=utc("2026-03-04T08:00")
    )
    assert [time[:10] for time in answer.times] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert len(answer.skipped) == 2


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(BODY)),
        ({"Content-Encoding": "deflate"}, zlib.compress(BODY)),
        ({"Transfer-Encoding": "Chunked"}, chunked(BODY)),
        ({"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}, chunked(gzip.compress(BODY))),
        ({"Transfer-Encoding": "chunked"}, BODY),
        ({"Content-Encoding": "gzip"}, BODY),
        ({"Content-Encoding": "br"}, BODY),
        ({"Content-Length": "-1"}, BODY),
    ],
    ids=["gzip", "deflate", "chunked", "both", "undone chunks", "undone gzip", "undone br", "odd length"],
)
def test_bodies_are_decoded(tmp_path: Path, encoding: dict[str, str], encoded: bytes) -> None:
    archive = Archive()
    archive.response(FIRST, encoded, headers={"Content-Type": "text/html", **encoding})
    answer = _ask(tmp_path, archive)
    assert answer.bodies == [BODY]


@pytest.mark.parametrize(
    ("headers", "body", "outcome", "detail"),
    [
        ({"Content-Encoding": "br"}, b"\x8b\x02", Outcome.WRONG_TYPE, "is encoded with 'br'"),
        ({"Content-Encoding": "gzip"}, gzip.compress(BODY)[:-9], Outcome.UNREACHABLE, "is cut off within its encoding"),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 5_000_001), Outcome.TOO_BIG, "larger than 5000000 bytes"),
        ({}, b"x" * 5_000_001, Outcome.TOO_BIG, "larger than 5000000 bytes"),
        ({}, b"x" * 10_000_001, Outcome.TOO_BIG, "larger than 5000000 bytes"),
        ({"Transfer-Encoding": "chunked"}, chunked(BODY)[:-9], Outcome.UNREACHABLE, "is cut within its chunks"),
        ({"Content-Type": "application/pdf"}, b"%PDF", Outcome.WRONG_TYPE, "holds 'application/pdf', not a page"),
    ],
    ids=["br", "cut gzip", "bomb", "big", "huge", "cut chunks", "pdf"],
)
def test_what_is_bad_in_a_record_is_a_failure(
    tmp_path: Path, headers: dict[str, str], body: bytes, outcome: Outcome, detail: str
) -> None:
    archive = Archive()
    archive.response(FIRST, body, headers={"Content-Type": "text/html", **headers})
    (failure,) = _ask(tmp_path, archive).failures
    assert (failure.outcome, failure.url) == (outcome, URL)
    assert failure.detail.startswith("a.warc@0")
    assert detail in failure.detail


def test_errors_are_captures_and_redirects_are_not(tmp_path: Path) -> None:
    archive = Archive()
    archive.response(FIRST, BODY, status="404 Not Found")
    archive.response(SECOND, b"", status="301 Moved Permanently", headers={"Location": "https://elsewhere.example/"})
    archive.response(THIRD, b"", status="304 Not Modified", headers={})
    archive.response("2026-03-04T08:00:00Z", BODY, status="503 Service Unavailable")
    answer = _ask(tmp_path, archive)
    assert _statuses(answer) == [404, 503]
    assert [skipped.reason for skipped in answer.skipped] == [
        "is a redirect to https://elsewhere.example/",
        "says that nothing was modified, and holds no content",
    ]


def test_of_one_second_the_page_counts(tmp_path: Path) -> None:
    archive = Archive()
    archive.response(FIRST, b"", url="http://scholarfeed.org/author/1", status="301 Moved", headers={"Location": URL})
    archive.response(FIRST, b"", status="503 Service Unavailable")
    archive.response(FIRST, BODY)
    archive.response(FIRST, OTHER_BODY)
    answer = _ask(tmp_path, archive)
    assert answer.bodies == [BODY]
    place = f"a.warc@{archive.offsets[2]}"
    assert answer.places == [place]
    assert [skipped.reason for skipped in answer.skipped] == [
        f"is a redirect to {URL}",
        f"is of the same time as {place}",
        f"is of the same time as {place}",
    ]


def test_resources_are_pages(tmp_path: Path) -> None:
    archive = Archive()
    archive.resource(FIRST, BODY)
    archive.resource(SECOND, b"\x89PNG", content_type="image/png")
    answer = _ask(tmp_path, archive)
    assert answer.pages[0] == Page(url=URL, status=200, headers={"content-type": "text/html"}, body=BODY)
    assert [failure.outcome for failure in answer.failures] == [Outcome.WRONG_TYPE]


class TestRevisits:
    def test_a_revisit_has_its_own_head_and_the_content_of_another(self, tmp_path: Path) -> None:
        archive = Archive()
        archive.response(FIRST, gzip.compress(BODY), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
        digest = payload_digest(archive)
        archive.revisit(SECOND, digest=digest, headers={"Content-Type": "text/html", "ETag": '"2"'})
        archive.revisit(THIRD, digest=digest, status=None)
        answer = _ask(tmp_path, archive)
        assert answer.bodies == [BODY] * 3
        headers = [page.headers for page in answer.pages if isinstance(page, Page)]
        assert headers[1] == {"content-type": "text/html", "etag": '"2"'}
        assert headers[0] == headers[2] == {"content-type": "text/html", "content-encoding": "gzip"}
        assert {capture.digest for capture in answer.captures} == {digest}

    def test_content_may_be_in_another_file_and_of_another_url(self, tmp_path: Path) -> None:
        first, second = Archive(), Archive(zipped=True)
        first.response(FIRST, BODY, url=OTHER_URL)
        second.revisit(SECOND, digest=payload_digest(first), refers_to=(f"<{OTHER_URL}>", FIRST))
        paths = [second.save(tmp_path / "b.warc.gz"), first.save(tmp_path / "a.warc")]
        assert ask(WarcOrigin(paths)).bodies == [BODY]

    def test_not_modified_has_the_content_of_the_time_it_names(self, tmp_path: Path) -> None:
        archive = Archive()
        archive.response(FIRST, OTHER_BODY)
        archive.response(SECOND, BODY)
        archive.revisit(THIRD, digest=None, refers_to=(URL, SECOND), status="304 Not Modified", headers={})
        answer = _ask(tmp_path, archive)
        assert answer.bodies == [OTHER_BODY, BODY, BODY]
        assert _statuses(answer) == [200, 200, 200]
        assert answer.captures[2].digest == answer.captures[1].digest

    def test_a_revisit_of_a_redirect_is_one(self, tmp_path: Path) -> None:
        archive = Archive()
        archive.response(FIRST, b"moved", status="302 Found", headers={"Location": "/b"})
        archive.revisit(SECOND, digest=payload_digest(archive), status=None)
        archive.revisit(THIRD, digest=payload_digest(archive), status="302 Found", headers={"Location": "/c"})
        answer = _ask(tmp_path, archive)
        assert answer.captures == ()
        assert [skipped.reason for skipped in answer.skipped] == [
            "is a redirect to /b",
            "is a redirect to nowhere",
            "is a redirect to /c",
        ]

    @pytest.mark.parametrize("digest", ["sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", None])
    def test_content_that_is_not_there_is_a_failure(self, tmp_path: Path, digest: str | None) -> None:
        archive = Archive()
        archive.response(FIRST, BODY)
        archive.revisit(SECOND, digest=digest)
        answer = _ask(tmp_path, archive)
        assert len(answer.captures) == 2
        (failure,) = answer.failures
        assert failure.outcome is Outcome.UNREACHABLE
        assert failure.detail.endswith("repeats a record that is not in these files")


@pytest.mark.parametrize(
    ("fields", "content", "reason"),
    [
        ({"WARC-Date": "yesterday"}, http_answer(BODY), "has no readable date, but 'yesterday'"),
        ({"WARC-Date": FIRST, "WARC-Truncated": "length"}, http_answer(BODY), "was cut when it was recorded (length)"),
        ({"WARC-Date": FIRST, "WARC-Segment-Number": "1"}, http_answer(BODY), "is one of several segments of a record"),
        ({"WARC-Date": FIRST}, http_answer(BODY, status="OK"), "has no HTTP status, but 'OK'"),
        ({"WARC-Date": FIRST}, b"", "holds no answer"),
        ({"WARC-Date": FIRST}, b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, "has no HTTP head"),
    ],
    ids=["date", "truncated", "segment", "status", "empty", "endless head"],
)
def test_records_that_are_no_captures(tmp_path: Path, fields: dict[str, str], content: bytes, reason: str) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(warc_record({"WARC-Type": "response", "WARC-Target-URI": URL, **fields}, content))
    answer = ask(WarcOrigin([path]))
    assert (answer.captures, answer.skipped) == ((), (Skipped("a.warc@0", reason),))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\x1f\x8b\x08\xff", "is damaged: "),
        (b"<html>", "has a head that cannot be read: "),
    ],
    ids=["removed", "damaged", "replaced"],
)
def test_a_file_that_changed_since_the_survey(tmp_path: Path, changed: bytes | None, complaint: str) -> None:
    archive = Archive()
    archive.response(FIRST, BODY)
    path = archive.save(tmp_path / "a.warc")
    origin = WarcOrigin([path])
    (survey,) = survey_all(origin, URL, close=False)
    path.unlink() if changed is None else path.write_bytes(changed)
    failure = asyncio.run(origin.read(survey.captures[0]))
    assert isinstance(failure, Failure)
    assert failure.detail.startswith(f"a.warc@0 {complaint}")


def test_a_url_that_is_none_is_a_failure(tmp_path: Path) -> None:
    fields = {"WARC-Type": "response", "WARC-Target-URI": f"{URL}#\x01", "WARC-Date": FIRST}
    (tmp_path / "a.warc").write_bytes(warc_record(fields, http_answer(BODY)))
    (failure,) = ask(WarcOrigin([tmp_path])).failures
    assert failure.detail.startswith("a.warc@0 is of a URL that is none: ")


def test_content_that_is_not_what_was_written_is_a_failure(tmp_path: Path) -> None:
    archive = Archive()
    archive.response(FIRST, BODY)
    path = archive.save(tmp_path / "a.warc")
    path.write_bytes(path.read_bytes().replace(b"<p>", b"<q>"))
    (failure,) = ask(WarcOrigin([path])).failures
    assert failure.detail == "a.warc@0 is damaged: it is not what was once written"


def test_files_are_called_by_their_names_as_far_as_these_differ(tmp_path: Path) -> None:
    for day, folder in enumerate(("one", "two"), start=1):
        archive = Archive()
        archive.response(f"2026-03-0{day}T08:00:00Z", BODY)
        (tmp_path / folder / "deep").mkdir(parents=True)
        archive.save(tmp_path / folder / "same.warc")
        archive.response(f"2026-04-0{day}T08:00:00Z", BODY)
        archive.save(tmp_path / folder / "deep" / f"{folder}.warc")
    assert ask(WarcOrigin([tmp_path])).places == [
        "one/deep/one.warc@0",
        "two/deep/two.warc@0",
        "one/deep/one.warc@" + str(archive.offsets[1]),
        "two/deep/two.warc@" + str(archive.offsets[1]),
    ]
    named = [tmp_path / folder / "same.warc" for folder in ("one", "two")]
    assert ask(WarcOrigin(named)).places == [f"{path}@0" for path in named]


def test_several_profiles_are_asked_of_one_origin(tmp_path: Path) -> None:
    archive = Archive()
    archive.response(FIRST, BODY)
    archive.response(SECOND, OTHER_BODY, url=OTHER_URL)
    mine, hers, nobodys = survey_all(
        WarcOrigin([archive.save(tmp_path / "a.warc")]), URL, OTHER_URL, "https://example.org/"
    )
    assert [len(survey.captures) for survey in (mine, hers, nobodys)] == [1, 1, 0]
    assert hers.captures[0].url == OTHER_URL


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "holds no records"), (b"\r\n\r\n", "holds no records"), (b"<html>", "there is something that is no record")],
)
def test_a_file_without_records_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(content)
    (skipped,) = ask(WarcOrigin([path])).skipped
    assert skipped.place.startswith("a.warc")
    assert skipped.reason == reason


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("absent.warc", r"there is no file or folder .*absent\.warc"), (".", r"holds no web archive \(\.warc, ")],
)
def test_what_was_named_wrongly_is_an_error(tmp_path: Path, path: str, complaint: str) -> None:
    (tmp_path / "page.html").write_bytes(BODY)
    with pytest.raises(OriginError, match=complaint):
        ask(WarcOrigin([tmp_path / path]))
