"""Secrets through every face by which something leaves the program."""

import asyncio
import io
import json
import logging
import smtplib
import traceback
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from flows import logs, redaction
from flows.config.secrets import secrets_in
from flows.logs import (
    LogFormat,
    LogWish,
    ensure_logging,
    log,
    log_check,
    log_error,
    log_message,
    log_run,
    start_logging,
)
from flows.redaction import MARK, RedactedError, know, redacted, redacted_traceback, redacted_values, without_secrets
from flows.settings import ConfigError, log_wish

SECRETS = {
    "database": "db-geheim-1",
    "slack": "TokenC3xyzGeheim",
    "webhook": "x7KpQ9geheim",
    "signature": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "mail": 'mail"geheim',
    "key": "k3y-of-mine",
    "heartbeat": "5e0c8a1d-geheim",
}
ROOT = {
    "database": f"postgresql://watch:{SECRETS['database']}@127.0.0.1:1/scholar",
    "receivers": {
        "chat": {"apprise": f"slack://TokenA1/TokenB2/{SECRETS['slack']}"},
        "hook": {"webhook": f"https://hooks.example.org/in/{SECRETS['webhook']}", "secret": SECRETS["signature"]},
        "mail": {"mail": {"server": f"smtp://watch:{SECRETS['mail']}@mail.example.org"}},
    },
    "sources": {"semantic_scholar": {"api_key": SECRETS["key"]}},
    "watch": {"heartbeat": f"https://hc.example.org/{SECRETS['heartbeat']}"},
}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The secrets of one process, forgotten after the test."""
    monkeypatch.setattr(redaction, "_known", redaction._Known())
    factory = logging.getLogRecordFactory()
    know(secrets_in(ROOT))
    yield
    start_logging(None)
    logging.setLogRecordFactory(factory)


def assert_clean(shown: str, *but: str) -> None:
    assert [name for name, secret in SECRETS.items() if secret in shown or json.dumps(secret)[1:-1] in shown] == []
    for word in but:
        assert word in shown


every_secret = pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)


@every_secret
def test_text_and_json(secret: str) -> None:
    assert redacted(f"no answer from {secret}, again") == f"no answer from {MARK}, again"
    values = redacted_values({"error": [f"it is {secret}"], secret: 1, "number": 1.5, "none": None})
    assert values == {"error": [f"it is {MARK}"], MARK: 1, "number": 1.5, "none": None}
    assert_clean(redacted(json.dumps({"error": secret})))


def test_passwords_that_nobody_has_told_of() -> None:
    shown = redacted("cannot connect to http://ada:never-heard-of@proxy.example.org:3128/x and smtp://a:b@c")
    assert shown == f"cannot connect to http://ada:{MARK}@proxy.example.org:3128/x and smtp://a:{MARK}@c"
    hidden = "database postgresql+psycopg://watch:***@127.0.0.1:9/scholar: connection refused"
    assert redacted(hidden) == hidden
    harmless = '{"url":"http://127.0.0.1:8099","contact":"me@example.org"} see https://example.org:8080/a@b'
    assert redacted(harmless) == harmless


@every_secret
@pytest.mark.parametrize("form", LogFormat)
def test_logs(form: LogFormat, secret: str, tmp_path: Path) -> None:
    file = tmp_path / "watch.log"
    start_logging(LogWish(form, file))
    log("note", f"it is {secret}", place=f"at {secret}", parts=[{"of": secret}])
    log_message("7", "me", "m1", error=f"no answer from {secret}", elapsed_seconds=0.5)
    try:
        raise ValueError(f"bad {secret}")
    except ValueError as error:
        log_error(f"ValueError: {error}", error)
    written = file.read_text("utf-8")
    assert_clean(written, MARK, "test_redaction.py", "ValueError")
    if form is LogFormat.JSON:
        assert [json.loads(line)["event"] for line in written.splitlines()] == ["note", "message", "error"]


@every_secret
def test_logs_of_libraries(secret: str) -> None:
    """Whoever logs and whoever handles it: Prefect's handlers, too, format records of the standard library."""
    ensure_logging(None)
    stream = io.StringIO()
    logger = logging.getLogger("tests.some.library")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    try:
        logger.error("asking %s of %d", secret, 5)
        logger.error("arguments that do not fit %d", 4)
        try:
            raise ValueError(f"bad {secret}")
        except ValueError:
            logger.exception("it broke: %r", {"password": secret})
    finally:
        logger.removeHandler(handler)
    assert_clean(stream.getvalue(), f"asking {MARK} of 5", "Traceback", f"ValueError: bad {MARK}")


@every_secret
def test_tracebacks(secret: str) -> None:
    try:
        try:
            raise KeyError(secret)
        except KeyError as cause:
            raise ValueError(f"bad {secret}") from cause
    except ValueError as error:
        shown = redacted_traceback(error)
    assert_clean(shown, "KeyError", f"ValueError: bad {MARK}")


def test_what_a_flow_raises_has_no_secret_in_it_nor_in_what_led_to_it() -> None:
    @without_secrets
    async def flow(kind: type[Exception], text: str) -> None:
        try:
            raise KeyError(text)
        except KeyError as cause:
            raise kind("it broke") from cause

    with pytest.raises(RedactedError) as raised:
        asyncio.run(flow(ValueError, SECRETS["slack"]))
    whole = "".join(traceback.format_exception(raised.value))
    assert_clean(whole, "ValueError: it broke", "KeyError")
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    with pytest.raises(LookupError, match="it broke"):
        asyncio.run(flow(LookupError, "nothing"))


def causes() -> Iterator[tuple[str, Exception]]:
    """What libraries say when they are given what is secret."""
    try:
        create_engine(ROOT["database"].replace("postgresql:", "postgresql+psycopg:")).connect()
    except SQLAlchemyError as error:
        yield "database", error
    try:
        with create_engine("sqlite://").connect() as connection:
            connection.execute(text("SELECT * FROM nothing WHERE url = :url"), {"url": SECRETS["webhook"]})
    except SQLAlchemyError as error:
        yield "parameters", error
    try:
        httpx.Response(404, request=httpx.Request("GET", str(ROOT["watch"]["heartbeat"]))).raise_for_status()
    except httpx.HTTPStatusError as error:
        yield "httpx", error
    yield "smtplib", smtplib.SMTPAuthenticationError(535, f"no such login: {SECRETS['mail']}".encode())
    yield "apprise", TypeError(f"cannot parse slack://TokenA1/TokenB2/{SECRETS['slack']}")


def test_errors_of_libraries() -> None:
    found = dict(causes())
    assert list(found) == ["database", "parameters", "httpx", "smtplib", "apprise"]
    assert [name for name, error in found.items() if any(secret in str(error) for secret in SECRETS.values())] == [
        "parameters", "httpx", "smtplib", "apprise",
    ]  # fmt: skip
    for error in found.values():
        assert_clean(redacted_traceback(error))


def test_lines_have_the_values_of_what_they_tell(tmp_path: Path) -> None:
    file = tmp_path / "watch.log"
    start_logging(LogWish(LogFormat.JSON, file))
    log_check(
        "7", "Ada\nExample", "http://127.0.0.1:8099/author/1", outcome="not_modified", detail="", elapsed_seconds=0.0123, events=2
    )  # fmt: skip
    log_message("8", "me", "m1", error=None, elapsed_seconds=1)
    log_run({"kind": "track", "run": "7", "state": "degraded", "outcomes": {"ok": 1}, "failures": [{"detail": "x"}]})
    check, message, run = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    assert check.pop("time").endswith("+00:00")
    assert check == {
        "level": "INFO", "event": "check", "message": "check of Ada\nExample: not modified", "run": "7",
        "host": "127.0.0.1:8099", "profile": "http://127.0.0.1:8099/author/1", "person": "Ada\nExample",
        "outcome": "not_modified", "detail": "", "events": 2, "elapsed_seconds": 0.012,
    }  # fmt: skip
    assert (message["level"], message["outcome"], message["receiver"], message["run"]) == (
        "INFO",
        "delivered",
        "me",
        "8",
    )
    assert (run["level"], run["message"], run["outcomes"]) == ("WARNING", "track 7: degraded", {"ok": 1})
    assert "failures" not in run


def test_text_is_one_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    start_logging(LogWish(LogFormat.TEXT))
    log("note", "of two\nlines")
    (line,) = stream.getvalue().splitlines()
    assert line.endswith("+00:00 INFO of two lines")


def test_who_has_started_a_log_keeps_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    start_logging(LogWish(LogFormat.TEXT, first))
    ensure_logging(LogWish(LogFormat.TEXT, second))
    log("note", "here")
    assert "here" in first.read_text("utf-8")
    assert not second.exists()
    start_logging(None)
    log("note", "nowhere")
    assert "nowhere" not in first.read_text("utf-8")
    assert logs.LOG.handlers[0].__class__ is logging.NullHandler


def test_the_environment_may_want_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what has no command line: a worker of Prefect."""
    for name in ("FORMAT", "FILE"):
        monkeypatch.delenv(f"SCHOLARWATCH_LOG_{name}", raising=False)
    assert log_wish() is None
    monkeypatch.setenv("SCHOLARWATCH_LOG_FILE", "watch.log")
    assert log_wish() == LogWish(LogFormat.JSON, Path("watch.log"))
    monkeypatch.setenv("SCHOLARWATCH_LOG_FORMAT", "text")
    assert log_wish() == LogWish(LogFormat.TEXT, Path("watch.log"))
    monkeypatch.setenv("SCHOLARWATCH_LOG_FORMAT", "jsn")
    with pytest.raises(
        ConfigError, match=r"\$SCHOLARWATCH_LOG_FORMAT: 'jsn' is no form of a log; did you mean “json”\?"
    ):
        log_wish()
