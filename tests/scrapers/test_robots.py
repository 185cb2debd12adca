"""What a robots.txt says, once it is there."""

from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.robots import Rules, Ruling, product_token, text_of
from tracking.check import Page, RobotsVerdict
from tracking.host import RobotsRecord

ALLOWED, DISALLOWED, NO_RULES = RobotsVerdict.ALLOWED, RobotsVerdict.DISALLOWED, RobotsVerdict.NO_RULES
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "https://www.example.org"
PROFILE = f"{ORIGIN}/author/1?hl=en"


def record(text: str = "", status: int | None = 200) -> RobotsRecord:
    return RobotsRecord(origin=ORIGIN, fetched_at=NOON, status=status, text=text)


def ruling(text: str, url: str = PROFILE, user_agent: str = "MyLab/2 (mailto:lab@example.org)") -> Ruling:
    return Rules(record(text), user_agent=user_agent).ruling(url)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", ALLOWED),
        ("User-agent: *\nDisallow:\n", ALLOWED),
        ("User-agent: *\nDisallow: /\n", DISALLOWED),
        ("User-agent: *\nDisallow: /author/\n", DISALLOWED),
        ("User-agent: *\nDisallow: /authors\n", ALLOWED),
        ("User-agent: *\nDisallow: /author/\nAllow: /author/1\n", ALLOWED),
        ("User-agent: *\nDisallow: /*?hl=\n", DISALLOWED),
        ("User-agent: *\nDisallow: /author/1$\n", ALLOWED),
        ("User-agent: *\nDisallow: /\n\nUser-agent: mylab\nDisallow: /private\n", ALLOWED),
        ("User-agent: MyLab\nDisallow: /\n\nUser-agent: *\nAllow: /\n", DISALLOWED),
        ("User-agent: OtherBot\nDisallow: /\n", ALLOWED),
        ("user-agent:*\r\ndisallow:/author\r\n", DISALLOWED),
        ("# nobody\nUser-agent: * # all\nDisallow: / # everything\n", DISALLOWED),
        ("<!doctype html><title>Not found</title>", ALLOWED),
        ("Disallow: /\n", ALLOWED),
    ],
    ids=[
        "empty",
        "nothing",
        "all",
        "the folder",
        "another folder",
        "the longer rule holds",
        "a pattern",
        "an end",
        "a group of our own is all that holds",
        "we alone",
        "another alone",
        "any case and line end",
        "comments",
        "no robots.txt at all",
        "a rule for nobody",
    ],
)
def test_the_rules_for_our_name_or_else_for_everybody(text: str, verdict: RobotsVerdict) -> None:
    assert ruling(text).verdict is verdict


@pytest.mark.parametrize("status", [302, 401, 403, 404, 410, 451])
def test_where_there_is_no_file_there_are_no_rules(status: int) -> None:
    rules = Rules(record("User-agent: *\nDisallow: /", status), user_agent="MyLab")
    assert rules.ruling(PROFILE) == Ruling(NO_RULES)


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [("10", 10.0), ("0.5", 0.5), ("86400", 60.0), ("soon", 0.0), ("-3", 0.0), ("inf", 0.0), ("nan", 0.0)],
)
def test_a_crawl_delay_holds_up_to_a_minute(delay: str, seconds: float) -> None:
    text = f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /private\n"
    assert ruling(text) == Ruling(ALLOWED, seconds)
    assert ruling(text, f"{ORIGIN}/private") == Ruling(DISALLOWED, seconds)


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("Scholarwatch (mailto:me@example.org)", "Scholarwatch"),
        ("MyLab/1.0 (+https://example.org)", "MyLab"),
        (" My Lab", "My"),
        ("Zürich Lab", "Zürich"),
        ("Lab(x)", "Lab"),
    ],
)
def test_our_name_is_the_first_word_of_the_user_agent(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


def page(body: bytes) -> Page:
    return Page(url=f"{ORIGIN}/robots.txt", status=200, headers={}, body=body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xef\xbb\xbfUser-agent: *", "User-agent: *"),
        (b"Disallow: /caf\xe9\n", "Disallow: /caf\ufffd\n"),
        (b"Disallow: /\x00\n", "Disallow: /\ufffd\n"),
        (b"a" * 5 + b"\n" + b"b" * 600_000, "aaaaa\n"),
    ],
    ids=["byte order mark", "no UTF-8", "what no database holds", "cut in a line"],
)
def test_bytes_become_text(body: bytes, text: str) -> None:
    assert text_of(page(body)) == text


@given(st.text(max_size=200), st.sampled_from(["/", "/author/1", "/a?b=%C3%A9&c=ü", "/%", "/\u2028"]))
def test_whatever_is_written_there_is_a_ruling(text: str, path: str) -> None:
    came = ruling("User-agent: *\nDisallow: " + text, ORIGIN + path)
    assert came.verdict in (ALLOWED, DISALLOWED)
    assert 0 <= came.crawl_delay_seconds <= 60


def test_the_longest_file_is_read_in_no_time() -> None:
    lines = "".join(f"Disallow: /*{number}*a*b*c$\n" for number in range(19_000))
    text = "User-agent: *\n" + lines
    assert 450_000 < len(text) < 512_000
    rules = Rules(record(text), user_agent="MyLab")
    started = perf_counter()
    rules.ruling(PROFILE + "a" * 200)
    assert perf_counter() - started < 3
