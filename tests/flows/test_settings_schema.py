"""The JSON Schema for editors accepts what the loader accepts, and refuses what a schema can see to be wrong."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from alerts.where_setting import PARTS
from flows.config.document import parse_document
from flows.config.fetching import FetchConfig
from flows.config.schema import printed, schema
from flows.config.template import TEMPLATE
from flows.settings import ConfigError, load
from tests.flows.test_settings_template import uncommented

_DOCS = Path(__file__).parents[2] / "docs"
_VALIDATOR = Draft202012Validator(schema())
_ADA = "https://www.scholarfeed.org/author/1"
_SECRET = "c2NyZXQtb2YtdGhpcnR5LXR3by1ieXRlcy1sZW5ndGg="
_CONTACT = "fetch: {user_agent: me@example.org}\n"


@pytest.fixture(autouse=True)
def _surroundings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHOLARWATCH_CONFIG", raising=False)
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)
    monkeypatch.setenv("MAIL_PASSWORD", "word")


def schema_accepts(text: str) -> bool:
    return bool(_VALIDATOR.is_valid(parse_document(text, "file.yaml", {"MAIL_PASSWORD": "word"}).root))


def loader_accepts(text: str) -> bool:
    Path("scholarwatch.yaml").write_text(text, "utf-8")
    try:
        load(None)
    except ConfigError:
        return False
    return True


def test_the_schema_is_one():
    Draft202012Validator.check_schema(schema())


def test_the_published_schema_is_up_to_date():
    # To renew it: python -c "from flows.config.schema import printed as p; print(p(), end='')" > docs/scholarwatch.schema.json
    assert (_DOCS / "scholarwatch.schema.json").read_text("utf-8") == printed()


def test_no_key_is_forgotten():
    sections = schema()["properties"]

    assert set(sections["fetch"]["properties"]) == set(FetchConfig.__slots__)
    assert set(sections["rules"]["items"]["properties"]["where"]["properties"]) == set(PARTS)


def test_every_key_stands_in_the_documentation():
    page = "".join((_DOCS / name).read_text("utf-8") for name in ("configuration.md", "receivers.md", "rules.md"))
    receiver = schema()["properties"]["receivers"]["additionalProperties"]["properties"]
    rule = schema()["properties"]["rules"]["items"]["properties"]
    mail = receiver["mail"]["properties"]
    watch = schema()["properties"]["watch"]["properties"]
    keys = {*schema()["properties"], *watch, *FetchConfig.__slots__, *PARTS, *receiver, *mail, *rule}

    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


def test_the_examples_of_the_documentation_are_one_sound_file():
    page = (_DOCS / "configuration.md").read_text("utf-8")
    text = "".join(re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))

    assert loader_accepts(text)
    assert set(parse_document(text, "file.yaml", {"MAIL_PASSWORD": "word"}).root) == set(schema()["properties"]) - {
        "database"
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEMPLATE,
        uncommented(TEMPLATE),
        "people:\nrules:\nreceivers:\nsources:\nfetch:\ndatabase:\n",
        f"{_CONTACT}people: [{_ADA}]",
        f"{_CONTACT}people: [{{profiles: {_ADA}, tags: rl, name: Ada}}]",
        f"{_CONTACT}people: [{{profiles: [{_ADA}, {{url: 'http://x.org/a', source: scholarfeed}}], tags: }}]",
        "rules: []",
        "rules: [{name: a, on: paper.new}]",
        "rules: [{name: a, on: [paper.new, metric.changed], notify: terminal, every: daily}]",
        "rules: [{name: a, on: paper.new, where: {category: LG, has_code: false, score: '>= 90', person: [A], tag: rl}}]",
        "rules: [{name: a, on: metric.changed, where: {delta: 'abs > 1,000.5 %', metric: [citations], source: scholarfeed}}]",
        "rules: [{name: a, on: metric.changed, where: {delta: '>= 1%, below 1,000: >= 10', within: 4w}, cooldown: 24h, disabled: true}]",
        "rules: [{name: a, on: paper.new, where: {any: [{coauthor: [B]}, {not: {institution: C}}], if_missing: match}, wait: 30d}]",
        "rules: [{name: a, on: paper.new, where: {all: [{published_within: 60d, abstract: x}]}}, {name: operations, disabled: true}]",
        "tags: {lab: {rules: [{name: metrics, where: {delta: , metric: citations}, cooldown: }]}}",
        f"{_CONTACT}people: [{{profiles: {_ADA}, name: Ada, rules: [{{name: metrics, every: weekly}}]}}]",
        f"{_CONTACT}people: [{{profiles: {_ADA}, name: Ada, rules: }}]",
        "receivers: {}",
        "receivers: {a: {file: x.jsonl, timezone: Europe/Zurich}, b: {terminal: true}, c: {apprise: 'json://x.org'}}",
        "receivers: {a: {file: x, quiet: 22:00-7:00, digest_at: 6:30, digest_day: Friday, cap: 20}}",
        "receivers: {a: {mail: {to: a@b.org, from: A <a@b.org>, server: 'smtp://a:${MAIL_PASSWORD}@b.org'}}}",
        "receivers: {a: {mail: {to: [a@b.org], from: a@b.org, server: 'smtps://b.org', attach: [ris], insecure: true}}}",
        f"receivers: {{a: {{webhook: 'https://x.org/hook', secret: {_SECRET}}}}}",
        f"receivers: {{a: {{webhook: 'http://10.0.0.1/hook', secret: [{_SECRET}, {_SECRET}]}}}}",
        "receivers: {a: {feed: feeds/, feed_authority: lab.example.org, feed_url: 'https://lab.example.org/f/'}}",
        "sources: {scholarfeed: {hosts: ['[::1]:80', A.org]}}",
        "watch: {no_run_hours: 48, stale_cadences: 2, heartbeat: 'https://hc-ping.com/${MAIL_PASSWORD}'}",
        "watch: {heartbeat: }",
        "fetch: {min_interval_seconds: 0, timeout_seconds: 0.1, max_bytes: 1000, allow_private_hosts: }",
    ],
)
def test_both_accept(text):
    assert loader_accepts(text)
    assert schema_accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "person: []",
        "database: 5",
        "database: ' '",
        "people: {a: b}",
        "people: [12345]",
        "people: [www.scholarfeed.org/author/1]",
        "people: [{name: Ada}]",
        f"{_CONTACT}people: [{{name: Ada, profiles: []}}]",
        f"{_CONTACT}people: [{{name: 7, profiles: [{_ADA}]}}]",
        f"{_CONTACT}people: [{{profiles: [{{url: {_ADA}, source: nowhere}}]}}]",
        "people: [{profiles: [{source: scholarfeed}]}]",
        "rules: {}",
        "rules: [{on: [paper.new]}]",
        "rules: [{name: a}]",
        "rules: [{name: a, on: []}]",
        "rules: [{name: a, on: [paper.nwe]}]",
        "rules: [{name: a, on: paper.new, every: monthly}]",
        "rules: [{name: a, on: paper.new, notify: []}]",
        "rules: [{name: a, on: paper.new, where: {titel: x}}]",
        "rules: [{name: a, on: paper.new, where: {has_code: 'yes'}}]",
        "rules: [{name: a, on: metric.changed, where: {delta: 10}}]",
        "rules: [{name: a, on: metric.changed, where: {delta: '10+'}}]",
        "rules: [{name: a, on: paper.new, where: {score: '>= 5%'}}]",
        "rules: [{name: a, on: paper.new, cooldown: 24}]",
        "rules: [{name: a, on: paper.new, wait: 30 days}]",
        "rules: [{name: a, on: paper.new, where: {not: {}}}]",
        "rules: [{name: a, on: paper.new, where: {any: []}}]",
        "rules: [{name: a, on: paper.new, where: {any: [{titel: x}]}}]",
        "rules: [{name: a, on: paper.new, where: {category: }}]",
        "rules: [{name: a, on: metric.changed, where: {delta: '>= 1%, below: >= 10'}}]",
        "rules: [{name: a, on: paper.new, where: {category: LG, if_missing: maybe}}]",
        "tags: {lab: []}",
        "tags: {lab: {}}",
        "tags: {lab: {rules: [{on: paper.new}]}}",
        f"{_CONTACT}people: [{{profiles: {_ADA}, name: Ada, rules: {{}}}}]",
        "receivers: []",
        "receivers: {a: {}}",
        "receivers: {a: {file: x, terminal: true}}",
        "receivers: {a: {terminal: false}}",
        "receivers: {a: {fax: 1}}",
        "receivers: {a: {file: x, quiet: '22:00'}}",
        "receivers: {a: {file: x, quiet: 22:00-24:00}}",
        "receivers: {a: {file: x, digest_at: 8}}",
        "receivers: {a: {file: x, digest_day: someday}}",
        "receivers: {a: {file: x, cap: 0}}",
        "receivers: {a: {mail: a@b.org}}",
        "receivers: {a: {mail: {to: a@b.org, from: a@b.org}}}",
        "receivers: {a: {mail: {to: a@b.org, from: a@b.org, server: b.org}}}",
        "receivers: {a: {mail: {to: a@b.org, from: a@b.org, server: 'smtp://b.org', attach: word}}}",
        "receivers: {a: {webhook: 'https://x.org/hook'}}",
        f"receivers: {{a: {{file: x, secret: {_SECRET}}}}}",
        f"receivers: {{a: {{webhook: x.org, secret: {_SECRET}}}}}",
        "receivers: {a: {file: x, feed_url: 'https://x.org/'}}",
        "receivers: {a: {feed: feeds/, feed_authority: x.org, feed_url: x.org}}",
        "sources: {nowhere: {hosts: [a.org]}}",
        "sources: {scholarfeed: {hosts: []}}",
        "sources: {scholarfeed: {hosts: [https://a.org]}}",
        "sources: {scholarfeed: }",
        "watch: {no_run_hours: 0}",
        "watch: {no_run_hours: 10000}",
        "watch: {stale_cadences: 1.5}",
        "watch: {heartbeat: hc-ping.com/id}",
        "watch: {heart: https://hc-ping.com/id}",
        "fetch: {user_agent: Büro}",
        "fetch: {agent: x}",
        "fetch: {min_interval_seconds: -1}",
        "fetch: {timeout_seconds: 30s}",
        "fetch: {max_bytes: 10}",
        "fetch: {connections_per_host: 0}",
        "fetch: {allow_private_hosts: [10.0.0.0/8]}",
    ],
)
def test_both_refuse(text):
    assert not loader_accepts(text)
    assert not schema_accepts(text)
