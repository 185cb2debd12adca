"""A saved page under version control."""

import gzip
from pathlib import Path

import pytest

from scrapers.origins.git import GitOrigin
from tests.scrapers.origins.asking import URL, ask, utc
from tests.scrapers.origins.repositories import Repository, needs_git
from tracking.capture import OriginError, Skipped
from tracking.check import Outcome, Page

pytestmark = needs_git

FILE = "pages/ada.html"
FIRST = "2026-03-01T08:00:00+01:00"
SECOND = "2026-03-02T08:00:00+01:00"
THIRD = "2026-03-03T08:00:00-05:30"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_every_commit_that_wrote_the_file_is_a_capture(repository: Repository) -> None:
    repository.write(FILE, b"one")
    first = repository.commit(FIRST)
    repository.write("pages/other.html", b"other")
    repository.commit(SECOND)
    repository.write(FILE, b"two")
    third = repository.commit(THIRD)
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.places == [f"{first}:{FILE}", f"{third}:{FILE}"]
    assert answer.times == [FIRST, THIRD]
    assert answer.skipped == ()
    assert answer.pages == tuple(
        Page(url=URL, status=200, headers={"content-type": "text/html"}, body=body) for body in (b"one", b"two")
    )
    assert [repository.git("show", place) for place in answer.places] == ["one", "two"]


def test_since_and_until_are_included(repository: Repository) -> None:
    for day in range(1, 6):
        repository.write(FILE, b"%d" % day)
        repository.commit(f"2026-03-0{day}T00:00:00+00:00")
    answer = ask(GitOrigin(repository.path, FILE), since=utc("2026-03-02T00:00"), until=utc("2026-03-04T00:00"))
    assert answer.bodies == [b"2", b"3", b"4"]


def test_a_file_that_went_and_came_back(repository: Repository) -> None:
    repository.write(FILE, b"one")
    repository.commit(FIRST)
    (repository.path / FILE).unlink()
    repository.commit(SECOND)
    repository.write(FILE, b"one")
    repository.commit(THIRD)
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.times == [FIRST, THIRD]
    assert len({capture.digest for capture in answer.captures}) == 1


def test_a_move_is_followed(repository: Repository) -> None:
    repository.write("old name.html", b"one")
    first = repository.commit(FIRST)
    (repository.path / "pages").mkdir()
    repository.git("mv", "old name.html", FILE)
    second = repository.commit(SECOND)
    repository.write(FILE, b"two")
    third = repository.commit(THIRD)
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.places == [f"{first}:old name.html", f"{second}:{FILE}", f"{third}:{FILE}"]
    assert answer.bodies == [b"one", b"one", b"two"]


def test_commits_of_a_branch_count_and_merges_do_not(repository: Repository) -> None:
    repository.write(FILE, b"one")
    repository.commit(FIRST)
    repository.git("switch", "--quiet", "--create", "branch")
    repository.write(FILE, b"two")
    repository.commit(SECOND)
    repository.git("switch", "--quiet", "main")
    repository.write("notes.txt", b"notes")
    repository.commit("2026-03-02T09:00:00+01:00")
    repository.git("merge", "--quiet", "--no-edit", "branch", time="2026-03-05T00:00:00+00:00")
    repository.write(FILE, b"three")
    repository.commit("2026-03-06T00:00:00+00:00")
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.bodies == [b"one", b"two", b"three"]
    assert answer.times == [FIRST, SECOND, "2026-03-06T00:00:00+00:00"]


def test_of_two_commits_in_one_second_the_later_counts(repository: Repository) -> None:
    repository.write(FILE, b"one")
    first = repository.commit(FIRST)
    repository.write(FILE, b"two")
    second = repository.commit(FIRST)
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.bodies == [b"two"]
    assert answer.skipped == (Skipped(f"{first}:{FILE}", f"is of the same time as {second}:{FILE}"),)


def test_a_clock_that_went_backwards_loses_nothing(repository: Repository) -> None:
    for body, time in ((b"one", THIRD), (b"two", FIRST), (b"three", SECOND)):
        repository.write(FILE, body)
        repository.commit(time)
    assert ask(GitOrigin(repository.path, FILE)).bodies == [b"two", b"three", b"one"]


def test_bare_and_packed_repositories(repository: Repository, tmp_path: Path) -> None:
    for body, time in ((b"one" * 100, FIRST), (b"one" * 100 + b"two", SECOND), (b"one" * 100 + b"three", THIRD)):
        repository.write(FILE, body)
        repository.commit(time)
    repository.git("gc", "--quiet", "--aggressive")
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    expected = ask(GitOrigin(repository.path, FILE))
    assert [len(body) for body in expected.bodies] == [300, 303, 305]
    assert ask(GitOrigin(tmp_path / "bare.git", f"./{FILE}")) == expected


def test_where_a_shallow_clone_was_cut_nobody_knows_who_wrote(repository: Repository, tmp_path: Path) -> None:
    repository.write(FILE, b"one")
    repository.commit(FIRST)
    repository.write("notes.txt", b"notes")
    second = repository.commit(SECOND)
    repository.write(FILE, b"two")
    repository.commit(THIRD)
    repository.git("clone", "--quiet", "--depth=2", f"file://{repository.path}", str(tmp_path / "shallow"))
    answer = ask(GitOrigin(tmp_path / "shallow", FILE))
    assert answer.bodies == [b"two"]
    assert answer.skipped == (
        Skipped(f"{second}:{FILE}", "is where a shallow clone was cut: an older commit may have written it"),
    )


@pytest.mark.parametrize(
    ("file", "content", "content_type"),
    [
        ("a.txt", b"text", "text/plain"),
        ("a.htm.gz", gzip.compress(b"text", mtime=0), "text/html"),
        ("a", b"text", "text/html"),
    ],
    ids=["text", "gzip", "no ending"],
)
def test_kinds_of_files(repository: Repository, file: str, content: bytes, content_type: str) -> None:
    repository.write(file, content)
    repository.commit(FIRST)
    assert ask(GitOrigin(repository.path, file)).pages == (
        Page(url=URL, status=200, headers={"content-type": content_type}, body=b"text"),
    )


def test_a_link_is_no_page(repository: Repository) -> None:
    repository.write("elsewhere.html", b"one")
    (repository.path / "link.html").symlink_to("elsewhere.html")
    repository.commit(FIRST)
    with pytest.raises(OriginError, match=r"no commit of .* wrote a file link\.html"):
        ask(GitOrigin(repository.path, "link.html"))


def test_a_time_that_cannot_be_is_skipped(repository: Repository) -> None:
    repository.write(FILE, b"one")
    commit = repository.commit("@99999999999999 +0000")
    (skipped,) = ask(GitOrigin(repository.path, FILE)).skipped
    assert skipped == Skipped(f"{commit}:{FILE}", "has an impossible time: 99999999999999 seconds since 1970")


def test_a_repository_of_an_unknown_format_is_an_error(repository: Repository) -> None:
    repository.git("config", "core.repositoryFormatVersion", "99")
    with pytest.raises(OriginError, match=r"the git repository .* cannot be read"):
        ask(GitOrigin(repository.path, FILE))


def test_a_page_that_is_too_big_is_a_failure(repository: Repository) -> None:
    repository.write(FILE, b"x" * 5_000_001)
    commit = repository.commit(FIRST)
    (failure,) = ask(GitOrigin(repository.path, FILE)).failures
    assert (failure.outcome, failure.detail) == (Outcome.TOO_BIG, f"{commit}:{FILE} is larger than 5000000 bytes")


def _object(repository: Repository, name: str) -> Path:
    found = repository.git("rev-parse", name)
    path = repository.path / ".git" / "objects" / found[:2] / found[2:]
    path.chmod(0o600)
    return path


def test_damaged_content_is_a_failure(repository: Repository) -> None:
    for body, time in ((b"one", FIRST), (b"two", SECOND), (b"three", THIRD)):
        repository.write(FILE, body)
        repository.commit(time)
    _object(repository, f"HEAD~1:{FILE}").write_bytes(b"garbage")
    _object(repository, f"HEAD~2:{FILE}").unlink()
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.bodies == [b"three"]
    assert [failure.outcome for failure in answer.failures] == [Outcome.UNREACHABLE] * 2
    assert all("cannot be read" in failure.detail for failure in answer.failures)


@pytest.mark.parametrize("lost", ["HEAD~1", "HEAD~1^{tree}", "HEAD~1:pages"])
@pytest.mark.parametrize("content", [None, b"garbage", b""], ids=["missing", "garbage", "empty"])
def test_behind_a_damaged_object_the_history_is_skipped(
    repository: Repository, lost: str, content: bytes | None
) -> None:
    for body, time in ((b"one", FIRST), (b"two", SECOND), (b"three", THIRD)):
        repository.write(FILE, body)
        repository.commit(time)
    head = repository.git("rev-parse", "HEAD")
    path = _object(repository, lost)
    path.unlink() if content is None else path.write_bytes(content)
    answer = ask(GitOrigin(repository.path, FILE))
    assert answer.captures == ()
    (skipped,) = answer.skipped
    assert skipped.place == head
    assert skipped.reason.startswith("the history behind it is damaged: ")


def test_what_was_named_wrongly_is_an_error(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(OriginError, match=r"repository holds no commit"):
        ask(GitOrigin(repository.path, FILE))
    repository.write(FILE, b"one")
    repository.write("folder/inner.html", b"two")
    repository.commit(FIRST)
    (tmp_path / "plain").mkdir()
    for path, file, complaint in (
        (repository.path, "absent.html", r"no commit of .* wrote a file absent\.html"),
        (repository.path, "folder", r"no commit of .* wrote a file folder"),
        (repository.path, f"{FILE}/inner", r"no commit of .* wrote a file pages/ada\.html/inner"),
        (tmp_path / "plain", FILE, r"plain is not a git repository"),
        (tmp_path / "absent", FILE, r"absent is not a git repository"),
    ):
        with pytest.raises(OriginError, match=complaint):
            ask(GitOrigin(path, file))
