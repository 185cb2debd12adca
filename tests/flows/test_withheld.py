"""A configuration as it may be kept: no secret in it, and still one that can be read."""

from pathlib import Path

import pytest

from flows.config.document import parse_document
from flows.config.withheld import FILLER, is_withheld, keepable
from flows.settings import settings_of

SIGNATURE = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
PEOPLE = "people: [https://www.scholarfeed.org/author/12345]\nfetch: {user_agent: 'Lab (mailto:me@example.org)'}\n"
ENVIRONMENT = {"SLACK": "slack://TokenA1/TokenB2/TokenC3xyz", "PW": "geheim-123", "HOOK": SIGNATURE}


def kept(text: str) -> str | None:
    return keepable(parse_document(PEOPLE + text, "scholarwatch.yaml", ENVIRONMENT))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "receivers: {me: {file: alerts.jsonl}}\n",
        'receivers: {me: {apprise: "${SLACK}"}, hook: {webhook: "https://example.org/hook", secret: "${HOOK}"}}\n',
        'database: "postgresql://watch:${PW}@db.example.org/scholar"\n',
    ],
)
def test_what_holds_no_secret_is_kept_to_the_letter(text: str) -> None:
    assert kept(text) == PEOPLE + text


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("receivers: {me: {apprise: 'slack://TokenA1/TokenB2/TokenC3xyz'}}\n", ["TokenA1", "TokenB2", "TokenC3xyz"]),
        (f"receivers: {{me: {{webhook: 'https://example.org/in/x7KpQ9geheim', secret: {SIGNATURE}}}}}\n", ["x7KpQ9", SIGNATURE]),
        (
            "receivers: {me: {mail: {to: a@example.org, from: w@example.org, server: 'smtp://watch:gehe%69m@mail.example.org'}}}\n",
            ["gehe%69m", "geheim"],
        ),
        ("sources: {semantic_scholar: {api_key: k3y-of-mine}}\n", ["k3y-of-mine"]),
        ("watch: {heartbeat: 'https://hc-ping.com/my-own-slug'}\n", ["my-own-slug"]),
        ("database: postgresql://watch:geheim-123@db.example.org/scholar # geheim-123\n", ["geheim-123"]),
    ],
    ids=["apprise", "webhook", "mail", "source", "heartbeat", "database"],
)  # fmt: skip
def test_secrets_in_clear_are_withheld(text: str, secrets: list[str], tmp_path: Path) -> None:
    found = kept(text)
    assert found is not None
    assert is_withheld(found)
    assert [secret for secret in secrets if secret in found] == []
    settings = settings_of(found, tmp_path / "scholarwatch.yaml", database="x.db")
    assert len(settings.people) == 1
    assert [FILLER in receiver.written for receiver in settings.receivers if receiver.name == "me"] in ([], [True])


@pytest.mark.parametrize(
    "text",
    [
        # In the text it stands otherwise than in the value.
        'receivers: {me: {apprise: "json://watch:geh\\u0065im-123@127.0.0.1"}}\n',
        "receivers: {me: {apprise: 'json://watch:it''s-geheim@127.0.0.1'}}\n",
    ],
)
def test_what_cannot_be_taken_out_keeps_the_whole_from_being_kept(text: str) -> None:
    assert kept(text) is None
