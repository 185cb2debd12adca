"""Delivery through Apprise, to a real mail server and a real HTTP server."""

import io
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from apprise.decorators import notify
from apprise.manager_plugins import NotificationManager

from alerts.delivery import DeliveryError
from alerts.receivers.apprise import AppriseChannel
from alerts.wording import wording_of
from tests.alerts.examples import message, paper_item
from tests.alerts.servers import Hook, MailServer, free_port, hook, mail_server

MESSAGE = message(paper_item())


@pytest.fixture(scope="module")
def running_mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mail(running_mail: MailServer) -> MailServer:
    running_mail.received.clear()
    running_mail.refusal = ""
    return running_mail


@pytest.fixture
def posted() -> Iterator[Hook]:
    with hook() as server:
        yield server


def test_mail_arrives_as_it_is_worded(mail: MailServer) -> None:
    AppriseChannel((mail.address,)).send(MESSAGE)
    [received] = mail.received
    wording = wording_of(MESSAGE)
    assert received["subject"] == wording.subject
    assert received["to"] == "me@example.org"
    assert received.get_content_type() == "text/plain"
    assert received.get_content().replace("\r\n", "\n").strip() == wording.body


def test_scenario_32_a_hostile_title_in_a_mail(mail: MailServer) -> None:
    title = "x\r\nBcc: all@example.org\n\n<script>\x1b[31m @everyone <!channel>\u202e"
    AppriseChannel((mail.address,)).send(message(paper_item(title=title)))
    [received] = mail.received
    assert received["bcc"] is None
    shown = "x Bcc: all@example.org ‹script> @ everyone ‹!channel>"
    assert received["subject"] == f"New paper by Ada Moreno: {shown}"
    assert f"  {shown}" in received.get_content().splitlines()


def test_an_address_may_ask_for_html_and_gets_it_escaped(mail: MailServer) -> None:
    AppriseChannel((mail.address + "&format=html",)).send(message(paper_item(title="P<0.05 & more")))
    html = mail.received[0].get_body(("html",))
    assert html is not None
    assert "P&lt;0.05 &amp; more" in html.get_content().replace("&nbsp;", " ")


def test_scenario_28_a_server_that_refuses_and_is_better_later(mail: MailServer) -> None:
    channel = AppriseChannel((mail.address,))
    mail.refusal = "451 try again later"
    with pytest.raises(DeliveryError, match=r"^mailto \(address 1 of 1\): the mail server answered 451$"):
        channel.send(MESSAGE)
    assert mail.received == []
    mail.refusal = ""
    channel.send(MESSAGE)
    assert len(mail.received) == 1


@pytest.mark.parametrize(("password", "taken"), [("right", True), ("wr0ng-s3cret", False)])
def test_password(mail: MailServer, password: str, taken: bool) -> None:
    channel = AppriseChannel((mail.address_of("ada", password),))
    if taken:
        channel.send(MESSAGE)
    else:
        with pytest.raises(DeliveryError, match=r"the mail server answered 535$") as caught:
            channel.send(MESSAGE)
        assert "s3cret" not in str(caught.value)
    assert len(mail.received) == taken


def test_a_service_gets_json_and_recovers(posted: Hook) -> None:
    channel = AppriseChannel((f"json://user:s3cret@127.0.0.1:{posted.port}/t0ken",))
    posted.status = 503
    with pytest.raises(DeliveryError) as caught:
        channel.send(MESSAGE)
    assert str(caught.value) == "json (address 1 of 1): the service answered 503"
    posted.status = 200
    channel.send(MESSAGE)
    assert posted.posted[-1]["title"] == wording_of(MESSAGE).subject
    assert posted.posted[-1]["message"] == wording_of(MESSAGE).body


def test_a_mail_server_that_knows_no_such_person(mail: MailServer) -> None:
    with pytest.raises(DeliveryError, match=r"the mail server answered 550$"):
        AppriseChannel((mail.address.replace("to=me@", "to=nobody@"),)).send(MESSAGE)


def test_a_mail_server_without_encryption(mail: MailServer) -> None:
    with pytest.raises(DeliveryError, match="the mail server offers no encryption"):
        AppriseChannel((mail.address.replace("mode=insecure", "mode=starttls"),)).send(MESSAGE)


def test_a_long_message_comes_in_parts_of_what_a_service_takes(posted: Hook) -> None:
    long_message = message(*[paper_item(title="title " * 60, authors=["A" * 300] * 10)] * 20)
    AppriseChannel((f"json://127.0.0.1:{posted.port}",)).send(long_message)
    parts = [part["message"] for part in posted.posted]
    assert len(parts) == 3
    assert all(len(part) <= 32768 for part in parts)
    assert sum(part.count("New paper by") for part in parts) == 20

    AppriseChannel((f"json://127.0.0.1:{posted.port}?overflow=upstream",)).send(long_message)
    assert len(posted.posted) == 4


def test_failures_at_the_same_time_keep_their_causes(mail: MailServer, posted: Hook) -> None:
    posted.status = 418
    mail.refusal = "451 try again later"
    addresses = [f"json://127.0.0.1:{posted.port}", mail.address, f"json://127.0.0.1:{free_port()}"]

    def cause(address: str) -> str:
        with pytest.raises(DeliveryError) as caught:
            AppriseChannel((address,)).send(MESSAGE)
        return str(caught.value).rpartition(": ")[2]

    with ThreadPoolExecutor(6) as pool:
        causes = list(pool.map(cause, addresses * 4))
    assert causes == ["the service answered 418", "the mail server answered 451", "no connection"] * 4


@pytest.fixture
def own_services() -> Iterator[None]:
    """Two services as Apprise lets anybody add them: one that refuses without a word, one that ends its thread."""

    def refuse(*_: object, **__: object) -> bool:
        return False

    def end(*_: object, **__: object) -> bool:
        sys.exit()

    notify(on="refusing")(refuse)
    notify(on="ending")(end)
    yield
    NotificationManager().remove("refusing", "ending")


@pytest.mark.usefixtures("own_services")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("address", "cause"),
    [("refusing://", "it did not take the message"), ("ending://", "Apprise ended without an answer")],
)
def test_a_service_that_does_not_say_why(address: str, cause: str) -> None:
    with pytest.raises(DeliveryError, match=f"{cause}$"):
        AppriseChannel((address,)).send(MESSAGE)


def test_every_address_is_tried_and_each_failure_named(mail: MailServer) -> None:
    closed = f"json://user:s3cret@127.0.0.1:{free_port()}/t0ken"
    with pytest.raises(DeliveryError) as caught:
        AppriseChannel((closed, mail.address, "n0such://t0ken")).send(MESSAGE)
    assert str(caught.value) == (
        "json (address 1 of 3): no connection; n0such (address 3 of 3): Apprise does not understand this address"
    )
    assert len(mail.received) == 1


def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = MailServer(silent.getsockname()[1]).address
        began = time.monotonic()
        with pytest.raises(DeliveryError, match=r"no answer within 0\.2 s$"):
            AppriseChannel((address,), timeout_seconds=0.2).send(MESSAGE)
        # Whoever says nothing does so for ever.
        assert time.monotonic() - began < 30


def test_nothing_leaks_into_the_log(posted: Hook, capfd: pytest.CaptureFixture[str]) -> None:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    level = logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    try:
        AppriseChannel((f"json://127.0.0.1:{posted.port}/t0ken",)).send(MESSAGE)
        with pytest.raises(DeliveryError):
            AppriseChannel(("n0such://t0ken", f"json://127.0.0.1:{free_port()}/t0ken")).send(MESSAGE)
    finally:
        logging.root.removeHandler(handler)
        logging.root.setLevel(level)
    assert log.getvalue() == ""
    assert capfd.readouterr() == ("", "")


def test_apprise_is_loaded_only_when_something_is_sent() -> None:
    code = (
        "import io, sys; from pathlib import Path; from alerts.receivers import parse_receivers;"
        "parse_receivers({'me': {'apprise': 'mailto://me@example.org'}}, folder=Path('.'), stream=io.StringIO());"
        "sys.exit('apprise' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_an_address_that_has_the_message_does_not_get_it_again(mail: MailServer, posted: Hook) -> None:
    channel = AppriseChannel((mail.address, f"json://127.0.0.1:{posted.port}/t0ken"))
    posted.status = 503
    with pytest.raises(DeliveryError, match="address 2 of 2") as caught:
        channel.send(MESSAGE)
    posted.status = 200
    # The configuration may have changed meanwhile: an address is known by what it is, not by where it stands.
    again = AppriseChannel((channel.addresses[1], channel.addresses[0]))
    again.send(replace(MESSAGE, taken=caught.value.taken))
    assert (len(mail.received), len(posted.posted)) == (1, 2)
    assert "t0ken" not in str(caught.value.taken)


def test_what_took_it_is_remembered_over_several_failures(mail: MailServer, posted: Hook) -> None:
    closed = f"json://127.0.0.1:{free_port()}"
    first = AppriseChannel((mail.address, f"json://127.0.0.1:{posted.port}", closed))
    posted.status = 503
    with pytest.raises(DeliveryError) as first_failure:
        first.send(MESSAGE)
    posted.status = 200
    with pytest.raises(DeliveryError) as second_failure:
        first.send(replace(MESSAGE, taken=first_failure.value.taken))
    assert first_failure.value.taken < second_failure.value.taken
    assert len(second_failure.value.taken) == 2


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (410, True), (401, True), (429, False), (503, False)])
def test_a_service_that_refuses_for_good(posted: Hook, status: int, permanent: bool) -> None:
    posted.status = status
    with pytest.raises(DeliveryError) as caught:
        AppriseChannel((f"json://127.0.0.1:{posted.port}",)).send(MESSAGE)
    assert caught.value.permanent is permanent


def test_where_one_address_took_it_the_receiver_does_not_refuse(mail: MailServer) -> None:
    unknown = mail.address.replace("to=me@", "to=nobody@")
    with pytest.raises(DeliveryError) as all_refuse:
        AppriseChannel((unknown,)).send(MESSAGE)
    with pytest.raises(DeliveryError) as one_refuses:
        AppriseChannel((unknown, mail.address)).send(MESSAGE)
    assert (all_refuse.value.permanent, one_refuses.value.permanent) == (True, False)
