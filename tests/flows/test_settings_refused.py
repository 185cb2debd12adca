"""What is refused, with the whole text that the owner reads."""

from pathlib import Path

import pytest

from flows.settings import ConfigError, load
from scrapers.registry import SOURCES

ADA = "https://www.scholarfeed.org/author/1"
HOW_TO_SET = 'write user_agent: "My Lab (mailto:me@example.org)" under “fetch”, with an address of your own'
UNKNOWN_HOST = f"is a host of no known source ({', '.join(SOURCES)}); name one, like {{url: …, source: generic}}, or write the host under “sources”"
NO_HOST = "not a host; write it like www.example.org or 127.0.0.1:8080, without https://"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHOLARWATCH_CONFIG", raising=False)
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)


def refusal(text: str) -> str:
    Path("scholarwatch.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load(None)
    return str(raised.value).removeprefix("scholarwatch.yaml:")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "1: must be a mapping of keys to values, not a list"),
        ("\npeple: []\n", "2: peple: unknown key; did you mean “people”?"),
        (
            "people: []\nzebra: 1\n",
            "2: zebra: unknown key; allowed: database, people, rules, tags, receivers, sources, fetch, cadence, watch, retention",
        ),
        ("database: 5\n", "1: database: must be text, not a number; put it in quotes"),
        (
            "database: ':memory:'\n",
            "1: database: a database in memory would forget everything between two runs; write a path",
        ),
    ],
)
def test_the_whole_file(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("people: {a: 1}\n", "1: people: must be a list, not a mapping"),
        ("people:\n  - 12345\n", "2: people[0]: must be a URL, or a mapping with profiles"),
        ("people:\n  - name: Ada\n", "2: people[0]: “profiles” is missing; write profiles: [https://…]"),
        ("people:\n  - profiles: []\n", "2: people[0].profiles: must name at least one"),
        (
            f"people:\n  - name: Ada\n    profile: [{ADA}]\n",
            "3: people[0].profile: unknown key; did you mean “profiles”?",
        ),
        (
            f"people:\n  - name: 007\n    profiles: [{ADA}]\n",
            "2: people[0].name: must be text, not a number; put it in quotes",
        ),
        (f"people:\n  - tags: [a, ' ']\n    profiles: [{ADA}]\n", "2: people[0].tags[1]: must not be empty"),
        (
            "people:\n  - www.scholarfeed.org/author/1\n",
            "2: people[0]: not the URL of a profile: a URL begins with https:// or http:// and names a host",
        ),
        (
            "people:\n  - https://www.scholarfeed.org/author/1 Ada\n",
            "2: people[0]: not the URL of a profile: a URL has no blanks in it",
        ),
        (
            "people:\n  - https://me:word@www.scholarfeed.org/author/1\n",
            "2: people[0]: not the URL of a profile: a URL with a name or password in it would be stored and shown; leave them out",
        ),
        (
            "people:\n  - https://www.scholarfeed.org:99999/author/1\n",
            "2: people[0]: not the URL of a profile: Port out of range 0-65535",
        ),
        ("people:\n  - https://www.example.org/author/1\n", f"2: people[0]: www.example.org {UNKNOWN_HOST}"),
        (
            "people:\n  - profiles:\n      - https://www.example.org:8443/author/1\n",
            f"3: people[0].profiles[0]: www.example.org:8443 {UNKNOWN_HOST}",
        ),
        (
            f"people:\n  - profiles:\n      - url: {ADA}\n        source: scholarfed\n",
            "4: people[0].profiles[0].source: no such source; did you mean “scholarfeed”?",
        ),
        ("people:\n  - profiles: [{source: scholarfeed}]\n", "2: people[0].profiles[0]: “url” is missing"),
        (
            f"people:\n  - {ADA}\n  - name: Bo\n    profiles:\n      - {ADA}/\n",
            "5: people[1].profiles[0]: scholarfeed 1 is followed already, in line 2",
        ),
    ],
)
def test_people(text, message):
    assert refusal(text) == message


def test_a_url_that_names_no_profile():
    text = refusal("people:\n  - https://www.scholarfeed.org/\n")

    assert text.startswith("2: people[0]: not a profile of scholarfeed: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "sources: {scholarfed: {hosts: [a.org]}}\n",
            "1: sources.scholarfed: no such source; did you mean “scholarfeed”?",
        ),
        (
            "sources:\n  scholarfeed: {hosts: []}\n",
            "2: sources.scholarfeed.hosts: names no host; write hosts: [www.example.org], or leave the source out",
        ),
        (
            "sources:\n  scholarfeed:\n",
            "2: sources.scholarfeed: must be a mapping of keys to values, not nothing",
        ),
        (
            "sources:\n  scholarfeed:\n    host: a.org\n",
            "3: sources.scholarfeed.host: unknown key; did you mean “hosts”?",
        ),
        (
            "sources:\n  scholarfeed:\n    hosts:\n      - https://a.org\n",
            f"4: sources.scholarfeed.hosts[0]: {NO_HOST}",
        ),
        ("sources: {scholarfeed: {hosts: ['a.org:0']}}\n", f"1: sources.scholarfeed.hosts[0]: {NO_HOST}"),
    ],
)
def test_sources(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"people: [{ADA}]\n",
            f"1: fetch.user_agent: is not set, and www.scholarfeed.org must be able to see who asks; {HOW_TO_SET}",
        ),
        (
            f"people: [{ADA}]\nfetch:\n  user_agent: Scholarwatch\n",
            f"3: fetch.user_agent: must hold a mail address or a URL by which www.scholarfeed.org can reach you; {HOW_TO_SET}",
        ),
        (
            "fetch:\n  user_agent: Büro (mailto:me@example.org)\n",
            "2: fetch.user_agent: must be plain ASCII on one line: a request can carry nothing else",
        ),
        (
            'fetch:\n  user_agent: "Lab\\r\\nX-Evil: 1"\n',
            "2: fetch.user_agent: must be plain ASCII on one line: a request can carry nothing else",
        ),
        (
            "fetch:\n  min_interval: 5\n",
            "2: fetch.min_interval: unknown key; did you mean “min_interval_seconds”?",
        ),
        (
            "fetch:\n  min_interval_seconds: -1\n",
            "2: fetch.min_interval_seconds: must be a number of seconds, 0 or more",
        ),
        ("fetch: {timeout_seconds: 0}\n", "1: fetch.timeout_seconds: must be a number of seconds, 0.1 or more"),
        ("fetch: {timeout_seconds: .nan}\n", "1: fetch.timeout_seconds: must be a number of seconds, 0.1 or more"),
        ("fetch: {timeout_seconds: true}\n", "1: fetch.timeout_seconds: must be a number of seconds, 0.1 or more"),
        ("fetch: {timeout_seconds: 30s}\n", "1: fetch.timeout_seconds: must be a number of seconds, 0.1 or more"),
        ("fetch: {max_bytes: 5 MB}\n", "1: fetch.max_bytes: must be a whole number, 1,000 or more"),
        ("fetch: {max_bytes: 999}\n", "1: fetch.max_bytes: must be a whole number, 1,000 or more"),
        ("fetch: {connections_per_host: 1.5}\n", "1: fetch.connections_per_host: must be a whole number, 1 or more"),
        ("fetch: {connections_per_host: true}\n", "1: fetch.connections_per_host: must be a whole number, 1 or more"),
        ("fetch: {allow_private_hosts: [10.0.0.0/8]}\n", f"1: fetch.allow_private_hosts[0]: {NO_HOST}"),
    ],
)
def test_fetch(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "line_and_key"),
    [
        ("rules:\n  - name: a\n    on: [paper.new]\n    where:\n      delta: 5\n", "5: rules[0].where.delta: "),
        ("rules:\n  - name: a\n    on:\n      - paper.nwe\n", "4: rules[0].on[0]: "),
        ("rules:\n  - name: a\n", "2: rules[0]: "),
        ("receivers:\n  me:\n    apprize: 'x://y'\n", "3: receivers.me.apprize: "),
        ("receivers:\n  me: {}\n", "2: receivers.me: "),
    ],
)
def test_what_the_alerts_refuse_is_told_with_its_line(text, line_and_key):
    assert refusal(text).startswith(line_and_key)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "rules:\n  - name: a\n    on: [paper.new]\n    notify: [logs]\nreceivers:\n  log: {file: a.jsonl}\n",
            "4: rules[0].notify: no receiver is called “logs”; did you mean “log”?",
        ),
        (
            "rules:\n  - {name: a, on: [paper.new], notify: [me]}\n",
            "2: rules[0].notify: no receiver is called “me”; allowed: terminal",
        ),
    ],
)
def test_a_rule_for_somebody_who_is_not_there(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize("origin", ["--database", "$SCHOLARWATCH_DATABASE"])
def test_a_database_that_is_said_outside_the_file(origin, monkeypatch):
    Path("scholarwatch.yaml").touch()
    said = "mysql://me:word@db/watch"
    if origin.startswith("$"):
        monkeypatch.setenv("SCHOLARWATCH_DATABASE", said)

    with pytest.raises(ConfigError) as raised:
        load(None, database=None if origin.startswith("$") else said)
    assert str(raised.value) == (
        f"{origin}: mysql:// is no database of this program; write a path or postgresql+psycopg://…"
    )
