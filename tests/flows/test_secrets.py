"""Which texts of a configuration are secrets."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.config.secrets import passwords_in, secrets_in, secrets_of_environment

HOOK_SECRET = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def receivers(**entry: object) -> dict[str, object]:
    return {"receivers": {"me": entry}}


@pytest.mark.parametrize(
    ("root", "secret", "open_to_all"),
    [
        pytest.param(
            {"database": "postgresql://watch:p4ss/w@rd@db.example.org/scholar"},
            ["p4ss/w@rd", "p4ss%2Fw%40rd"],
            ["watch", "db.example.org", "scholar"],
            id="database",
        ),
        pytest.param({"database": "lab/watch-2026-database.db"}, [], ["lab/watch-2026-database.db"], id="a file"),
        pytest.param(
            receivers(apprise=["slack://TokenA1/TokenB2/TokenC3xyz", "mailto://ada:horse%20battery@mail.example.org"]),
            ["slack://TokenA1/TokenB2/TokenC3xyz", "TokenA1", "TokenB2", "TokenC3xyz", "horse%20battery", "horse battery"],
            ["ada", "mail.example.org", "slack"],
            id="apprise",
        ),
        pytest.param(
            receivers(apprise="tgram://123456789:AAFgh_kdf-x/98765432/"), ["123456789", "AAFgh_kdf-x", "98765432"], [],
            id="a token where others have a host",
        ),
        pytest.param(
            receivers(webhook="https://hooks.example.org/services/T00/B00/x7KpQ9?key=geheim12", secret=f"whsec_{HOOK_SECRET}"),
            ["/services/T00/B00/x7KpQ9?key=geheim12", "x7KpQ9", "geheim12", HOOK_SECRET, f"whsec_{HOOK_SECRET}"],
            ["hooks.example.org", "services", "https://hooks.example.org"],
            id="webhook",
        ),
        pytest.param(
            receivers(mail={"to": "ada@example.org", "from": "w@example.org", "server": "smtp://watch:s3cr\"t@mail.example.org:587"}),
            ['s3cr"t', 's3cr\\"t', "s3cr%22t", base64.b64encode(b'watch:s3cr"t').decode()],
            ["ada@example.org", "watch", "mail.example.org"],
            id="mail",
        ),
        pytest.param(
            receivers(feed="public/feed", feed_url="https://example.org/feed/0123456789abcdef0", timezone="Europe/Zurich"),
            [], ["https://example.org/feed/0123456789abcdef0", "public/feed"],
            id="what is public",
        ),
        pytest.param({"sources": {"semantic_scholar": {"api_key": "k3y-of-mine"}}}, ["k3y-of-mine"], [], id="a key"),
        pytest.param(
            {"watch": {"heartbeat": "https://hc-ping.com/5e0c8a1d-77"}}, ["5e0c8a1d-77", "/5e0c8a1d-77"], ["hc-ping.com"],
            id="heartbeat",
        ),
        pytest.param({"people": [{"name": "Ada 123456 Example"}]}, [], ["Ada 123456 Example"], id="people"),
    ],
)  # fmt: skip
def test_secrets(root: object, secret: list[str], open_to_all: list[str]) -> None:
    found = secrets_in(root)
    assert set(secret) <= found
    assert not found & set(open_to_all)


@pytest.mark.parametrize("root", [None, "text", 3, [], {"receivers": 3, "sources": ["x"], "watch": "x", "database": 4}])
def test_what_is_wrong_has_none(root: object) -> None:
    assert secrets_in(root) == frozenset()


def test_the_environment() -> None:
    found = secrets_of_environment(
        {
            "HTTPS_PROXY": "http://me:pr0xy-pass@proxy.example.org:3128",
            "PREFECT_API_KEY": "pnu_abcdef",
            "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://prefect:pg-pass@db/prefect",
            "HOME": "/home/ada-1234567",
            "PGPASSWORD": "pw",
        }
    )
    assert {"pr0xy-pass", "pnu_abcdef", "pg-pass"} <= found
    assert not any("home" in secret or "proxy.example" in secret or secret == "pw" for secret in found)


@given(st.text(min_size=4, max_size=20).filter(lambda text: text.strip() == text and text.isprintable()))
def test_a_secret_is_known_however_it_is_written(password: str) -> None:
    from urllib.parse import quote

    found = passwords_in(f"smtp://watch:{quote(password, safe='')}@mail.example.org")
    assert {password, quote(password, safe="")} <= found
    assert json.dumps(password)[1:-1] in found
