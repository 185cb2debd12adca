"""Mail, to real servers, read by a real mail parser."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import bibtexparser
import pytest
import rispy
from lxml import html

from alerts.delivery import DeliveryError
from alerts.message import Message
from alerts.receivers import ReceiverError, parse_receivers
from alerts.receivers.mail import MailChannel
from alerts.sample import sample_message
from alerts.wording import wording_of
from tests.alerts.examples import NOW, message, metric_item, paper_item
from tests.alerts.mail_servers import encrypted_mail_server, old_mail_server, trust
from tests.alerts.servers import MailServer, free_port, mail_server
from tests.alerts.test_receivers import FOLDER, STREAM

MESSAGE = message(paper_item())


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.received.clear()
    running.refusal = ""
    return running


def channel(server: str, **keys: Any) -> MailChannel:
    mail = {"to": "me@example.org", "from": "Scholarwatch <watch@example.org>", "server": server} | keys
    [receiver] = parse_receivers({"me": {"mail": mail}}, folder=FOLDER, stream=STREAM)
    assert isinstance(receiver.channel, MailChannel)
    return receiver.channel


def plain(server: MailServer, **keys: Any) -> MailChannel:
    return channel(f"smtp://127.0.0.1:{server.port}", insecure=True, **keys)


def got(server: MailServer, sent: Message = MESSAGE, **keys: Any) -> EmailMessage:
    plain(server, **keys).send(sent)
    [mail] = server.received
    server.received.clear()
    return mail


def test_what_mail_programs_go_by(server: MailServer) -> None:
    mail = got(server)
    assert mail["from"] == "Scholarwatch <watch@example.org>"
    assert mail["to"] == "me@example.org"
    assert mail["subject"] == wording_of(MESSAGE, UTC).subject
    assert mail["date"].datetime == NOW
    assert mail["message-id"] == "<m1@example.org>"
    assert mail["auto-submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n").strip() == wording_of(MESSAGE, UTC).body


def test_text_and_html_say_the_same_and_a_picture_goes_with_a_metric(server: MailServer) -> None:
    sent = sample_message("me", NOW)
    mail = got(server, sent)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    related = mail.get_body(("related",))
    assert related is not None
    page, picture = related.iter_parts()
    assert picture.get_content().startswith(b"\x89PNG")
    assert picture.get_content_disposition() == "inline"
    assert re.fullmatch(r"<[\w.-]+@example\.org>", picture["content-id"])
    document = html.document_fromstring(page.get_content())
    assert [image.get("src") for image in document.iter("img")] == [f"cid:{picture['content-id'].strip('<>')}"]
    text = mail.get_body(("plain",))
    assert text is not None
    for line in ("A made-up paper, to see that messages arrive", "Citations 1,311 → 1,352 (+41, +3.1 %) in 1 day"):
        assert line in text.get_content()
        assert line in document.text_content()


def test_files_stand_beside_the_words(server: MailServer) -> None:
    mail = got(server, sample_message("me", NOW), attach="ris")
    assert mail.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "multipart/alternative",
        "application/x-research-info-systems",
    ]


def test_times_are_those_of_the_receiver(server: MailServer) -> None:
    mail = {"to": "me@example.org", "from": "a@b.org", "server": f"smtp://127.0.0.1:{server.port}", "insecure": True}
    raw = {"me": {"mail": mail, "timezone": "Asia/Tokyo"}}
    [receiver] = parse_receivers(raw, folder=FOLDER, stream=STREAM)
    receiver.send(MESSAGE)
    [received] = server.received
    body = received.get_body(("plain",))
    assert body is not None
    assert "2026-05-13 18:30" in body.get_content()


def test_every_copy_is_the_same_mail(server: MailServer) -> None:
    first, second = got(server), got(server)
    for header in ("message-id", "date", "subject", "references"):
        assert first[header] == second[header]


def test_there_is_one_thread_for_a_person_one_for_several_and_one_for_digests(server: MailServer) -> None:
    ada, bo = paper_item(people=["Ada"]), paper_item(people=["Bo"])
    threads = [
        got(server, sent)["references"]
        for sent in (
            message(ada),
            replace(message(ada, metric_item("citations", 1, 2, people=["Ada"])), id="m2"),
            message(bo),
            message(ada, bo),
            message(bo, ada),
            message(ada, digest=True),
            message(bo, digest=True),
            replace(message(ada), receiver="another"),
        )
    ]
    assert threads[0] == threads[1]
    assert threads[3] == threads[4]
    assert threads[5] == threads[6]
    assert len(set(threads)) == 5
    assert all(thread.startswith("<thread.") and thread.endswith("@example.org>") for thread in threads)
    assert got(server)["in-reply-to"] == got(server)["references"]


def test_names_of_all_scripts_arrive(server: MailServer) -> None:
    item = paper_item(title="Über naïve Prüfer – 检查器", person="Zoë Müller")
    keys = {
        "from": "Zoë’s Wächter <watch@example.org>",
        "to": ['"Müller, Zoë" <zoe@example.org>', "李明 <li@example.org>"],
    }
    mail = got(server, message(item), **keys)
    assert mail["subject"] == "New paper by Zoë Müller: Über naïve Prüfer – 检查器"
    assert [address.display_name for address in mail["to"].addresses] == ["Müller, Zoë", "李明"]
    assert mail["from"].addresses[0].display_name == "Zoë’s Wächter"


def test_scenario_32_a_hostile_title_is_no_header_and_no_markup(server: MailServer) -> None:
    title = "x\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>\x1b[31m\u202eevil" + "y" * 300
    mail = got(server, message(paper_item(title=title)))
    assert mail["bcc"] is None
    assert mail.defects == []
    assert mail["subject"].startswith("New paper by Ada Moreno: x Bcc: all@example.org <script>")
    page = mail.get_body(("html",))
    assert page is not None
    document = html.document_fromstring(page.get_content())
    assert list(document.iter("script")) == []
    assert "<script>alert(1)</script>" in document.text_content()


@pytest.mark.parametrize(
    ("said", "listed", "one_click"),
    [
        (None, "<mailto:watch@example.org?subject=unsubscribe>", None),
        ("mailto:ada@example.org", "<mailto:ada@example.org>", None),
        (
            ["https://example.org/stop?token=" + "t" * 90, "mailto:ada@example.org"],
            f"<https://example.org/stop?token={'t' * 90}>, <mailto:ada@example.org>",
            "List-Unsubscribe=One-Click",
        ),
    ],
)
def test_how_to_get_no_more_of_it(server: MailServer, said: Any, listed: str, one_click: str | None) -> None:
    mail = got(server, **({} if said is None else {"unsubscribe": said}))
    assert mail["list-unsubscribe"] == listed
    assert mail["list-unsubscribe-post"] == one_click


def test_new_papers_come_as_files_that_reference_managers_read(server: MailServer) -> None:
    item = paper_item(
        authors=["Ada Moreno", "Bo Lindqvist"],
        authors_complete=False,
        published="2026-05-12",
        arxiv_id="2605.01234",
        doi="10.1000/182",
        url="https://arxiv.org/abs/2605.01234",
        category="LG",
        paper_key="arxiv:2605.01234",
    )
    sent = message(item, paper_item(title="On Bees\nER  - \nTY  - BOOK"), metric_item("citations", 1, 2))
    files = {part.get_filename(): part for part in got(server, sent, attach=["bibtex", "ris"]).iter_attachments()}
    assert [part.get_content_type() for part in files.values()] == [
        "application/x-bibtex",
        "application/x-research-info-systems",
    ]
    bibtex = bibtexparser.parse_string(files["papers.bib"].get_content().decode())
    assert [entry.key for entry in bibtex.entries] == ["moreno2026patient", "anonymousndbees"]
    one, other = rispy.loads(files["papers.ris"].get_content().decode())
    assert (one["title"], one["authors"]) == (item["title"], ["Moreno, Ada", "Lindqvist, Bo"])
    assert (one["year"], one["doi"], one["urls"]) == ("2026", "10.1000/182", ["https://arxiv.org/abs/2605.01234"])
    assert other["title"] == "On Bees ER - TY - BOOK"


def test_no_files_where_no_paper_is_new(server: MailServer) -> None:
    mail = got(server, message(metric_item("citations", 1, 2)), attach=["bibtex"])
    assert list(mail.iter_attachments()) == []


def test_passwords_of_all_letters_go_over_an_encrypted_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trust(monkeypatch, tmp_path)
    with encrypted_mail_server(at_once=False) as server:
        # A percent sign is written %25.
        channel(f"smtp://ada:r@ght:%25/@localhost:{server.port}").send(MESSAGE)
        assert len(server.received) == 1
    with encrypted_mail_server(at_once=True) as server:
        channel(f"smtps://ada:r%40ght%3A%25%2F@localhost:{server.port}").send(MESSAGE)
        assert len(server.received) == 1


def test_a_server_whose_certificate_nobody_knows_gets_no_password() -> None:
    for at_once in (False, True):
        with encrypted_mail_server(at_once=at_once) as server:
            scheme = "smtps" if at_once else "smtp"
            address = f"{scheme}://ada:r@ght:%25/@localhost:{server.port}"
            with pytest.raises(DeliveryError, match="certificate is not trusted"):
                channel(address).send(MESSAGE)
            assert server.received == []
            channel(address, insecure=True).send(MESSAGE)
            assert len(server.received) == 1


def test_a_server_without_encryption_gets_nothing(server: MailServer) -> None:
    with pytest.raises(DeliveryError, match="offers no encryption"):
        channel(f"smtp://ada:right@127.0.0.1:{server.port}").send(MESSAGE)
    assert server.received == []


def test_a_wrong_password_is_a_refusal_and_is_not_told(server: MailServer) -> None:
    with pytest.raises(DeliveryError, match=r"^the mail server answered 535") as caught:
        channel(f"smtp://ada:wr0ng-s3cret@127.0.0.1:{server.port}", insecure=True).send(MESSAGE)
    assert caught.value.permanent
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("451 try again later", False), ("552 mailbox full", True), ("554 looks like spam\x1b[31m", True)],
)
def test_what_a_server_refuses(server: MailServer, answer: str, permanent: bool) -> None:
    server.refusal = answer
    with pytest.raises(DeliveryError) as caught:
        plain(server).send(MESSAGE)
    assert str(caught.value).startswith(f"the mail server answered {answer[:3]} ({answer[4:12]}")
    assert caught.value.permanent is permanent
    assert str(caught.value).isprintable()
    server.refusal = ""
    plain(server).send(MESSAGE)
    assert len(server.received) == 1


def test_nobody_gets_it_twice_because_another_is_not_known(server: MailServer) -> None:
    everybody = plain(server, to=["me@example.org", "nobody@example.org", "you@example.org"])
    with pytest.raises(DeliveryError, match=r"^nobody@example.org: the mail server answered 550 ") as caught:
        everybody.send(MESSAGE)
    assert (caught.value.permanent, caught.value.taken) == (False, {"me@example.org", "you@example.org"})
    assert len(server.received) == 1
    with pytest.raises(DeliveryError) as again:
        everybody.send(replace(MESSAGE, taken=caught.value.taken))
    assert again.value.permanent
    assert len(server.received) == 1
    mended = plain(server, to=["me@example.org", "somebody@example.org", "you@example.org"])
    mended.send(replace(MESSAGE, taken=caught.value.taken))
    assert len(server.received) == 2
    # Nothing is left to do.
    plain(server, to="you@example.org").send(replace(MESSAGE, taken=caught.value.taken))
    assert len(server.received) == 2


def test_an_address_of_other_letters_needs_a_server_that_knows_them(server: MailServer) -> None:
    mail = got(server, to="Zoë <zoë@example.org>")
    # The parser keeps bytes that are not plain as they came.
    assert mail["to"].addresses[0].addr_spec.encode(errors="surrogateescape").decode() == "zoë@example.org"
    with old_mail_server() as old, pytest.raises(DeliveryError, match="does not know the letters of an address"):
        plain(old, to="zoë@example.org").send(MESSAGE)


def test_a_server_that_takes_no_password() -> None:
    with old_mail_server() as old, pytest.raises(DeliveryError, match="takes no password"):
        channel(f"smtp://ada:s3cret@127.0.0.1:{old.port}", insecure=True).send(MESSAGE)


def test_nobody_is_there() -> None:
    with pytest.raises(DeliveryError, match=r"^no connection to 127\.0\.0\.1:\d+: Connection refused$") as caught:
        channel(f"smtp://127.0.0.1:{free_port()}").send(MESSAGE)
    assert not caught.value.permanent


def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        quiet = channel(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        hasty = replace(quiet, server=replace(quiet.server, timeout_seconds=0.1))
        with pytest.raises(DeliveryError, match=r"^the mail server gave no answer within 0\.1 s$"):
            hasty.send(MESSAGE)


def test_a_server_that_hangs_up() -> None:
    def hang_up(listener: socket.socket) -> None:
        listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        rude = Thread(target=hang_up, args=(listener,))
        rude.start()
        with pytest.raises(DeliveryError, match=r"^the mail server broke the connection off$"):
            channel(f"smtp://127.0.0.1:{listener.getsockname()[1]}").send(MESSAGE)
        rude.join()


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"to": None}, "receivers.me.mail.to: must be text, not nothing"),
        ({"to": []}, "receivers.me.mail.to: must name at least one"),
        ({"to": "nonsense"}, "receivers.me.mail.to: must be one mail address"),
        ({"to": "a@b.org, c@d.org"}, "receivers.me.mail.to: must be one mail address"),
        ({"to": ["a@b.org", "a@b.org\nBcc: c@d.org"]}, "receivers.me.mail.to[1]: must be one mail address"),
        ({"from": "Ada, Dr. <a@b.org>"}, "receivers.me.mail.from: must be one mail address"),
        ({"server": "mail.example.org"}, "receivers.me.mail.server: must be an address like"),
        ({"server": "smtp://a:s3cret@"}, "receivers.me.mail.server: must be an address like"),
        ({"server": "smtp://mail.example.org:70000"}, "receivers.me.mail.server: must have a port"),
        ({"unsubscribe": "example.org"}, "receivers.me.mail.unsubscribe: must be an address like"),
        ({"unsubscribe": "https://example.org/>x"}, "receivers.me.mail.unsubscribe: must be an address like"),
        ({"attach": "bibtext"}, "receivers.me.mail.attach: no such form of citations; did you mean “bibtex”?"),
        ({"insecure": "yes"}, "receivers.me.mail.insecure: must be true or false"),
        ({"subject": "x"}, "receivers.me.mail.subject: unknown key"),
    ],
)
def test_refusals(keys: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ReceiverError) as caught:
        channel(**({"server": "smtp://mail.example.org"} | keys))
    assert str(caught.value).startswith(complaint)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("key", ["to", "from", "server"])
def test_what_must_be_there(key: str) -> None:
    mail = {"to": "a@b.org", "from": "a@b.org", "server": "smtp://b.org"}
    del mail[key]
    with pytest.raises(ReceiverError, match=f"receivers.me.mail: “{key}” is missing"):
        parse_receivers({"me": {"mail": mail}}, folder=FOLDER, stream=STREAM)


def test_the_forms_of_a_server() -> None:
    server = channel("smtp://mail.example.org").server
    assert (server.host, server.port, server.tls, server.insecure) == ("mail.example.org", 587, False, False)
    server = channel("smtps://ada@[::1]/").server
    assert (server.host, server.port, server.tls, server.user, server.password) == ("::1", 465, True, "ada", "")
    assert "s3cret" not in repr(channel("smtp://ada:s3cret@mail.example.org"))


def test_a_domain_of_other_letters_is_written_in_plain_ones() -> None:
    assert channel("smtp://mail.example.org", to="ada@müller.example").envelope.to[0].addr_spec == (
        "ada@xn--mller-kva.example"
    )
