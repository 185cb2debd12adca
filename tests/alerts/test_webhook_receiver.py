"""Webhooks, to a real HTTP server that verifies them with the published library."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from threading import Thread
from typing import Any

import pytest

from alerts.delivery import DeliveryError
from alerts.receivers import ReceiverError, parse_receivers
from alerts.receivers.webhook import WebhookChannel, body_of
from tests.alerts.examples import message, metric_item, paper_item
from tests.alerts.hooks import SECRET, SignedHook, signed_hook
from tests.alerts.servers import free_port
from tests.alerts.test_receivers import FOLDER, STREAM

MESSAGE = message(paper_item())


@pytest.fixture
def hook() -> Iterator[SignedHook]:
    with signed_hook() as server:
        yield server


def channel(url: str, secret: Any = SECRET) -> WebhookChannel:
    [receiver] = parse_receivers({"hook": {"webhook": url, "secret": secret}}, folder=FOLDER, stream=STREAM)
    assert isinstance(receiver.channel, WebhookChannel)
    return receiver.channel


def test_the_published_library_finds_it_rightly_signed(hook: SignedHook) -> None:
    channel(hook.url).send(MESSAGE)
    assert hook.ids == ["m1"]
    [taken] = hook.taken
    assert taken["type"] == "scholarwatch.message"
    assert taken["timestamp"] == MESSAGE.created_at.isoformat()
    assert taken["data"] == json.loads(json.dumps(MESSAGE.to_json()))


def test_a_digest_says_so(hook: SignedHook) -> None:
    channel(hook.url).send(message(metric_item("citations", 1, 2), digest=True))
    assert hook.taken[0]["type"] == "scholarwatch.digest"


def test_the_signature_is_of_the_present_and_of_this_secret(hook: SignedHook) -> None:
    yesterday = replace(channel(hook.url), clock=lambda: time.time() - 86400)
    stranger = channel(hook.url, "whsec_" + "YW5vdGhlci1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXRlcw==")
    for wrong in (yesterday, stranger):
        with pytest.raises(DeliveryError, match="broke the connection off"):
            wrong.send(MESSAGE)
    assert hook.taken == []


def test_a_secret_is_changed_without_a_message_lost(hook: SignedHook) -> None:
    new = "bmV3LXNlY3JldC1vZi1leGFjdGx5LTMyLWJ5dGVzLi4uLg=="
    both = channel(hook.url, [new, SECRET])
    both.send(MESSAGE)
    hook.secret = new
    both.send(MESSAGE)
    assert len(hook.taken) == 2


def test_scenario_32_what_a_site_wrote_is_plain_text_in_json() -> None:
    body = body_of(message(paper_item(title='x"\u202e\x1b[31m</script>\ud800')))
    assert body.decode().isprintable()
    assert json.loads(body)["data"]["items"][0]["title"] == 'x"\u202e\x1b[31m</script>\ud800'


@pytest.mark.parametrize(
    ("status", "permanent", "gone"),
    [
        (400, False, False),
        (401, True, False),
        (403, True, False),
        (404, True, False),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_what_a_hook_refuses(hook: SignedHook, status: int, permanent: bool, gone: bool) -> None:
    hook.status = status
    with pytest.raises(DeliveryError, match=f"^the hook answered {status}$") as caught:
        channel(hook.url).send(MESSAGE)
    assert (caught.value.permanent, caught.value.gone) == (permanent, gone)


def test_redirects_are_not_followed(hook: SignedHook) -> None:
    hook.status, hook.headers = 307, {"location": hook.url + "/elsewhere"}
    with pytest.raises(DeliveryError, match=r"^the hook answered 307 \(redirects are not followed\)$"):
        channel(hook.url).send(MESSAGE)
    assert hook.requests == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120.0), ("soon", None), ("", None), ("-5", None), ("٣", None), (formatdate(2_000_000_600), 600.0)],
)
def test_the_rest_that_it_asks_for(hook: SignedHook, said: str, seconds: float | None) -> None:
    hook.status, hook.headers = 429, {"retry-after": said.encode().decode("latin-1")}
    with pytest.raises(DeliveryError) as caught:
        replace(channel(hook.url), clock=lambda: 2_000_000_000.0).send(MESSAGE)
    assert caught.value.retry_after_seconds == seconds


def test_nobody_is_there() -> None:
    with pytest.raises(DeliveryError, match=r"^no connection to 127\.0\.0\.1: .*refused") as caught:
        channel(f"http://user:s3cret@127.0.0.1:{free_port()}/t0ken").send(MESSAGE)
    assert "s3cret" not in str(caught.value)
    assert "t0ken" not in str(caught.value)


def test_a_hook_that_says_nothing_and_one_that_does_not_speak_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DeliveryError, match=r"^the hook gave no answer within 0\.1 s$"):
            replace(channel(url), timeout_seconds=0.1).send(MESSAGE)

    def mumble(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1)
            connection.sendall(b"\x1b[31m hello\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        mumbler = Thread(target=mumble, args=(listener,))
        mumbler.start()
        with pytest.raises(DeliveryError, match=r"^the hook broke the connection off$"):
            channel(f"http://127.0.0.1:{listener.getsockname()[1]}").send(MESSAGE)
        mumbler.join()


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"webhook": "https://x"}, "receivers.hook.webhook: needs a “secret” beside it"),
        ({"webhook": "example.org/hook", "secret": SECRET}, "receivers.hook.webhook: must be an address like"),
        ({"webhook": "https:///hook", "secret": SECRET}, "receivers.hook.webhook: must be an address like"),
        ({"webhook": "https://x", "secret": "s3cret"}, "receivers.hook.secret: must be 24 to 64 bytes in base64"),
        ({"webhook": "https://x", "secret": "c2hvcnQ="}, "receivers.hook.secret: must be 24 to 64 bytes"),
        ({"webhook": "https://x", "secret": [SECRET, ""]}, "receivers.hook.secret[1]: must not be empty"),
        ({"file": "x", "secret": SECRET}, "receivers.hook.secret: does not go with “file”"),
    ],
)
def test_refusals(keys: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ReceiverError) as caught:
        parse_receivers({"hook": keys}, folder=FOLDER, stream=STREAM)
    assert str(caught.value).startswith(complaint)
    assert "s3cret" not in str(caught.value)


def test_address_and_secret_are_never_shown() -> None:
    shown = repr(channel("https://example.org/t0ken"))
    assert "t0ken" not in shown
    assert "c2Ny" not in shown
