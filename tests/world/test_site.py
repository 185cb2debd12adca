import socket
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.client import HTTPConnection, IncompleteRead
from urllib.parse import urlsplit

import pytest

from tests.effort import seconds_of
from tests.world.reader import get, main_text, without_space
from world.markup import Skin
from world.papers import paper, papers
from world.site import Site

TODAY = date(2026, 11, 22)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(today=TODAY) as site:
        yield site


@pytest.fixture
def ada(site: Site) -> str:
    listed = papers(20, before=TODAY)
    return site.author("Ada Example", listed, h_index=12, citations=900, novelty=0.5, ai_score=61)


def _shown(site: Site, key: str) -> str:
    return main_text(get(site.url(key)).text)


def test_a_profile_is_served_and_the_request_is_logged(site: Site, ada: str) -> None:
    answer = get(site.url(ada), {"User-Agent": "a reader"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "AdaExampleLG" in main_text(answer.text)
    [request] = site.requests
    assert (request.method, request.path, request.key, request.status, request.good) == (
        "GET", f"/author/{ada}", ada, 200, True,
    )  # fmt: skip
    assert request.headers["user-agent"] == "a reader"


def test_a_copy_of_the_page_says_what_the_page_says(site: Site, ada: str) -> None:
    copied = site.text_copy(ada)
    assert copied.startswith("Ada Example\n\nLG\nh-index12\n20papers\n900citations\nNovelty50%\nAI Score61\n")
    assert without_space(copied.partition("Papers")[2]) == _shown(site, ada).partition("Papers")[2]


def test_a_paper_is_listed_where_the_count_is_not_shown(site: Site, ada: str) -> None:
    site.set_metric(ada, "papers", None)
    site.add_paper(ada, paper("A New Thing", published=TODAY), place=20)
    assert "–papers" in _shown(site, ada)
    assert site.profile(ada).papers[-1].title == "A New Thing"


def test_verbs_change_the_page(site: Site, ada: str) -> None:
    site.add_paper(ada, paper("A New Thing", published=date(2026, 11, 21)))
    assert "21Papers" in _shown(site, ada)
    assert "21papers" in _shown(site, ada)
    assert "LGNov21ANewThing" in _shown(site, ada)
    site.retitle(ada, "A New Thing", "A Newer Thing")
    site.amend(ada, "A Newer Thing", score=98.1, has_code=True)
    assert "98.1LGNov21CodeANewerThing" in _shown(site, ada)
    site.remove_paper(ada, "A Newer Thing")
    assert "ANewerThing" not in _shown(site, ada)
    assert "20papers" in _shown(site, ada)
    site.set_metric(ada, "citations", 1311)
    assert "1,311citations" in _shown(site, ada)
    site.set_metric(ada, "citations", None)
    assert "–citations" in _shown(site, ada)
    site.hide_metric(ada, "citations")
    assert "citations" not in _shown(site, ada)
    site.rename(ada, "Ada B. Example")
    assert _shown(site, ada).startswith("AdaB.Example")
    site.page(ada, papers=[], metrics={})
    assert _shown(site, ada) == "AdaB.ExampleLG0Papers"


def test_bylines_are_cut_where_the_story_says(site: Site) -> None:
    key = site.author("Ada Example", [paper("X", published=TODAY, authors=("A B", "C D", "E F"))])
    site.show_authors(key, 2)
    assert "AB,CDetal." in _shown(site, key)


def test_reordering_moves_papers_and_loses_none(site: Site, ada: str) -> None:
    before = site.profile(ada).papers
    site.reorder(ada)
    after = site.profile(ada).papers
    assert after != before
    assert set(after) == set(before)


def test_a_new_dress_and_a_release_change_bytes_and_no_text(site: Site, ada: str) -> None:
    plain = get(site.url(ada))
    site.rebuild("b2")
    rebuilt = get(site.url(ada))
    assert rebuilt.body != plain.body
    assert main_text(rebuilt.text) == main_text(plain.text)
    site.redress(Skin.TABLE)
    redressed = get(site.url(ada))
    assert b"<table>" in redressed.body
    assert sorted(main_text(redressed.text)) == sorted(main_text(plain.text))


def test_the_year_goes_without_saying_until_it_is_over(site: Site) -> None:
    key = site.author("Ada Example", [paper("X", published=date(2026, 12, 30))])
    assert "LGDec30X" in _shown(site, key)
    site.on(date(2027, 1, 2))
    assert "LGDec30,2026X" in _shown(site, key)


@pytest.mark.parametrize(("name", "conditional"), [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")])
def test_validators_are_honoured_until_the_page_changes(site: Site, ada: str, name: str, conditional: str) -> None:
    validator = get(site.url(ada)).headers[name]
    answer = get(site.url(ada), {conditional: validator})
    assert (answer.status, answer.body) == (304, b"")
    site.set_metric(ada, "citations", 901)
    changed = get(site.url(ada), {conditional: validator})
    assert changed.status == 200
    assert changed.headers[name] != validator


def test_a_day_written_as_in_mail_is_a_validator_too(site: Site, ada: str) -> None:
    day = get(site.url(ada)).headers["last-modified"].replace("GMT", "-0000")
    assert get(site.url(ada), {"If-Modified-Since": day}).status == 304


def test_a_change_that_changes_nothing_keeps_the_validators(site: Site, ada: str) -> None:
    before = get(site.url(ada)).headers
    site.set_metric(ada, "citations", 900)
    site.rebuild("b2")
    site.rebuild("b1")
    assert get(site.url(ada)).headers["etag"] == before["etag"]


def test_without_validators_there_is_never_a_304(site: Site, ada: str) -> None:
    etag = get(site.url(ada)).headers["etag"]
    site.no_validators()
    answer = get(site.url(ada), {"If-None-Match": etag})
    assert answer.status == 200
    assert not {"etag", "last-modified"} & set(answer.headers)


@pytest.mark.parametrize(
    ("verb", "status", "marker"),
    [
        (Site.down, 500, "Internal Server Error"),
        (Site.blocked, 200, "not a robot"),
        (Site.just_a_moment, 200, "Just a moment..."),
        (Site.login, 200, 'type="password"'),
        (Site.empty, 200, "0 Papers"),
        (Site.not_modified, 304, ""),
    ],
    ids=["down", "blocked", "just a moment", "login", "empty", "not modified"],
)
def test_troubles_answer_in_place_of_the_page(
    site: Site, ada: str, verb: Callable[..., None], status: int, marker: str
) -> None:
    verb(site, ada, times=1)
    spoiled, good = get(site.url(ada)), get(site.url(ada))
    assert spoiled.status == status
    assert marker in spoiled.text
    assert good.status == 200
    assert "20 Papers" in good.text
    assert [request.good for request in site.requests] == [False, True]


def test_trouble_stays_with_one_profile_and_until_it_is_lifted(site: Site, ada: str) -> None:
    ben = site.author("Ben Example", papers(3, before=TODAY, author="Ben Example"))
    site.down(ada, 503, retry_after_seconds=3600)
    for _ in range(2):
        answer = get(site.url(ada))
        assert (answer.status, answer.headers["retry-after"]) == (503, "3600")
    assert get(site.url(ben)).status == 200
    site.up(ada)
    assert get(site.url(ada)).status == 200


def test_the_whole_site_can_be_down(site: Site, ada: str) -> None:
    site.blocked(ada)
    site.down()
    assert get(site.url(ada)).status == get(site.root).status == 500
    site.up()
    assert get(site.url(ada)).status == 200


def test_trouble_lasts_as_often_as_the_story_says(site: Site, ada: str) -> None:
    site.login(times=2)
    assert ["password" in get(site.url(ada)).text for _ in range(3)] == [True, True, False]


def test_a_cut_page_looks_whole_to_the_network(site: Site, ada: str) -> None:
    whole = get(site.url(ada))
    site.cut(ada)
    cut = get(site.url(ada))
    assert cut.status == 200
    assert int(cut.headers["content-length"]) == len(cut.body) < len(whole.body)
    assert whole.body.startswith(cut.body)
    assert cut.headers["etag"] == whole.headers["etag"]
    titles = [without_space(paper.title) for paper in site.profile(ada).papers]
    assert titles[0] in main_text(cut.text)
    assert titles[-1] not in main_text(cut.text)


def test_an_answer_breaks_off(site: Site, ada: str) -> None:
    site.breaks_off(ada, times=1)
    with pytest.raises(IncompleteRead):
        get(site.url(ada))
    assert get(site.url(ada)).status == 200


def test_a_connection_is_reset(site: Site, ada: str) -> None:
    site.reset(ada, times=1)
    with pytest.raises(ConnectionResetError):
        get(site.url(ada))
    assert get(site.url(ada)).status == 200
    assert [request.status for request in site.requests] == [None, 200]


def test_a_site_that_hangs_can_still_be_closed() -> None:
    with Site(today=TODAY) as site:
        ada = site.author("Ada Example")
        site.hang(ada)
        with pytest.raises(TimeoutError):
            get(site.url(ada), patience_seconds=0.2)
        began = time.monotonic()
    # Whoever hangs does so for ever.
    assert time.monotonic() - began < 30


def test_a_profile_moves(site: Site, ada: str) -> None:
    site.moved(ada, "/author/2002")
    answer = get(site.url(ada))
    assert (answer.status, answer.headers["location"]) == (308, "/author/2002")


def test_robots_and_unknown_addresses(site: Site) -> None:
    assert get(f"{site.root}/robots.txt").status == 404
    site.robots("User-agent: *\nDisallow: /author/\n")
    assert get(f"{site.root}/robots.txt").text == "User-agent: *\nDisallow: /author/\n"
    assert get(f"{site.root}/author/404").status == 404


def test_head_requests_have_no_body(site: Site, ada: str) -> None:
    page = get(site.url(ada))
    answer = get(site.url(ada), method="HEAD")
    assert answer.body == b""
    assert answer.headers["content-length"] == str(len(page.body))


def test_a_story_about_nobody_is_an_error(site: Site, ada: str) -> None:
    with pytest.raises(LookupError, match="nobody has the key"):
        site.blocked("nobody")
    with pytest.raises(LookupError, match="nobody has the key"):
        site.add_paper("nobody", paper("X", published=TODAY))
    with pytest.raises(LookupError, match="no paper 'No Such Title'"):
        site.retitle(ada, "No Such Title", "X")


def test_trouble_for_no_time_at_all_is_an_error(site: Site, ada: str) -> None:
    with pytest.raises(ValueError, match="0 times"):
        site.down(ada, times=0)


def test_a_request_may_arrive_in_pieces_and_two_at_once(site: Site, ada: str) -> None:
    line = f"GET /author/{ada} HTTP/1.1\r\nHost: x\r\n"
    asked = f"POST /author/{ada} HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello{line}\r\n{line}Connection: close\r\n\r\n"
    parts = urlsplit(site.root)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        middle = asked.index("llo")
        for piece in (asked[:10], asked[10:middle], asked[middle:]):
            connection.sendall(piece.encode())
            time.sleep(0.01)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert [request.method for request in site.requests] == ["POST", "GET", "GET"]


def test_a_thousand_big_pages_over_one_connection_are_quick() -> None:
    with Site(today=TODAY, pad_to_bytes=143_000) as site:
        keys = [site.author(f"Ada Example {n}", papers(5, before=TODAY, seed=n)) for n in range(20)]
        site.print_all()
        connection = HTTPConnection(urlsplit(site.root).hostname or "", urlsplit(site.root).port)

        def get_all() -> None:
            for number in range(1000):
                connection.request("GET", f"/author/{keys[number % 20]}")
                assert len(connection.getresponse().read()) >= 143_000

        # Client and server together: both are threads of this process.
        assert seconds_of(get_all, enough=2) < 2
        connection.close()
