"""Names that lead where they must not, and names with several addresses."""

import asyncio
import ssl
from collections.abc import Collection
from dataclasses import replace

import pytest

from scrapers.dialling import look_up
from scrapers.fetch import Fetcher, FetchSettings
from tests import faults
from tests.scrapers.hostile.internet import Internet
from tests.servers import ModernSite, Site, client_tls, page, redirect, server_tls
from tests.virtual_time import run, run_with_servers
from tracking.check import Failure, NotModified, Outcome, Page

SETTINGS = FetchSettings(
    user_agent="tests (mailto:tests@example.org)",
    min_interval_seconds=0,
    attempts=3,
    retry_wait_seconds=0,
    obey_robots=False,
)
PUBLIC, ALSO_PUBLIC = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
NAME = "www.example.org"
URL = f"http://{NAME}/author/1"


async def ask(
    net: Internet,
    url: str = URL,
    *,
    tls: ssl.SSLContext | None = None,
    hosts: Collection[str] = (NAME,),
    private_hosts: Collection[str] = (),
) -> Page | NotModified | Failure:
    async with Fetcher(SETTINGS, transport=net.transport(tls, private_hosts=private_hosts)) as fetcher:
        return await fetcher.get(url, validators=None, hosts=hosts)


def assert_refused(answer: Page | NotModified | Failure, host: str, address: str) -> None:
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.UNREACHABLE
    assert answer.detail == (
        f"{host} leads to {address}, a private address; if it is meant, write it under fetch: allow_private_hosts"
    )


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "fd00:ec2::254", "::ffff:7f00:1", "64:ff9b::a00:1"],
)
def test_a_name_that_leads_to_a_private_address_is_refused_once_and_for_all(address: str) -> None:
    net = Internet()
    net.name(NAME, address)
    assert_refused(asyncio.run(ask(net)), NAME, address)
    assert net.looked_up == [NAME]
    assert net.dialled == []


@pytest.mark.parametrize("answer", [[PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC]])
def test_one_private_address_among_public_ones_is_enough(answer: list[str]) -> None:
    net = Internet()
    net.name(NAME, answer)
    assert_refused(asyncio.run(ask(net)), NAME, "127.0.0.1")
    assert net.dialled == []


def test_the_address_that_was_checked_is_the_one_that_is_asked() -> None:
    """DNS rebinding: the name is public when it is checked and private a moment later."""

    async def story() -> None:
        async with Site.open() as site, Site.open() as secret:
            net = Internet()
            net.name(NAME, PUBLIC, "127.0.0.1")
            net.stands_at(PUBLIC, site.url)
            net.stands_at("127.0.0.1", secret.url)
            site.answers("/author/1", page(b"hello"))
            answer = await ask(net)
            assert isinstance(answer, Page)
            assert net.looked_up == [NAME]
            assert net.dialled == [PUBLIC]
            assert site.requests[0].headers["host"] == NAME
            assert secret.connections == 0

    asyncio.run(story())


def test_a_second_connection_is_checked_again() -> None:
    async def story() -> None:
        async with Site.open() as site, Site.open() as secret:
            net = Internet()
            net.name(NAME, PUBLIC, "127.0.0.1")
            net.stands_at(PUBLIC, site.url)
            net.stands_at("127.0.0.1", secret.url)
            site.answers("/author/1", faults.resets(b""))
            assert_refused(await ask(net), NAME, "127.0.0.1")
            assert len(site.requests) == 1
            assert secret.connections == 0

    asyncio.run(story())


def test_a_redirect_to_a_name_that_leads_to_a_private_address() -> None:
    async def story() -> None:
        async with Site.open() as site, Site.open() as secret:
            net = Internet()
            net.name(NAME, PUBLIC)
            net.name("api.example.org", "192.168.0.1")
            net.stands_at(PUBLIC, site.url)
            net.stands_at("192.168.0.1", secret.url)
            site.answers("/author/1", redirect("http://api.example.org/author/1"))
            answer = await ask(net, hosts=[NAME, "api.example.org"])
            assert_refused(answer, "api.example.org", "192.168.0.1")
            assert secret.connections == 0

    asyncio.run(story())


def test_a_public_site_cannot_point_at_a_private_profile() -> None:
    """Somebody follows a profile on 127.0.0.1; that is no leave for the rest of the world."""

    async def story() -> None:
        async with Site.open() as site, Site.open() as own:
            net = Internet()
            net.name(NAME, PUBLIC)
            net.stands_at(PUBLIC, site.url)
            net.stands_at("127.0.0.1", own.url)
            site.answers("/author/1", redirect(f"{own.url}/delete"))
            answer = await ask(net, hosts=[NAME, own.host])
            assert isinstance(answer, Failure)
            assert answer.detail == f"{URL} redirects to the private address 127.0.0.1"
            assert own.connections == 0

    asyncio.run(story())


@pytest.mark.parametrize("named", ["papers.lan", "papers.lan:80", "10.0.0.7", "10.0.0.7:80"])
def test_a_private_host_that_the_owner_named_is_asked(named: str) -> None:
    async def story() -> None:
        async with Site.open() as site:
            net = Internet()
            net.name("papers.lan", "10.0.0.7")
            net.stands_at("10.0.0.7", site.url)
            site.answers("/author/1", page(b"hello"))
            answer = await ask(net, "http://papers.lan/author/1", hosts=["papers.lan"], private_hosts=[named])
            assert isinstance(answer, Page)

    asyncio.run(story())


@pytest.mark.parametrize("named", ["other.lan", "papers.lan:8080", "10.0.0.8", "lan"])
def test_the_leave_for_one_private_host_is_not_for_another(named: str) -> None:
    net = Internet()
    net.name("papers.lan", "10.0.0.7")
    answer = asyncio.run(ask(net, "http://papers.lan/author/1", hosts=["papers.lan"], private_hosts=[named]))
    assert_refused(answer, "papers.lan", "10.0.0.7")


def test_the_leave_comes_with_the_settings() -> None:
    async def story(settings: FetchSettings) -> Page | NotModified | Failure:
        async with Site.open() as site, Fetcher(settings) as fetcher:
            # The system's resolver takes this for 127.0.0.1, which nobody wrote.
            url = site.answers("/author/1", page(b"hello")).replace("127.0.0.1", "127.1")
            return await fetcher.get(url, validators=None, hosts=["127.1"])

    assert_refused(asyncio.run(story(SETTINGS)), "127.1", "127.0.0.1")
    allowed = replace(SETTINGS, private_hosts=frozenset({"127.1"}))
    assert isinstance(asyncio.run(story(allowed)), Page)


def test_localhost_is_this_machine_and_nothing_else() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(SETTINGS) as fetcher:
            url = site.answers("/author/1", page(b"hello")).replace("127.0.0.1", "localhost")
            assert isinstance(await fetcher.get(url, validators=None, hosts=["localhost"]), Page)

        net = Internet()
        net.name("localhost", "192.168.0.1")
        assert_refused(await ask(net, "http://localhost/", hosts=["localhost"]), "localhost", "192.168.0.1")

    asyncio.run(story())


def test_tls_is_with_the_name_not_with_the_address() -> None:
    async def story() -> None:
        asked_for: list[str] = []
        context = server_tls(host=NAME)
        context.sni_callback = lambda _connection, name, _context: asked_for.append(name)
        async with Site.open(tls=context) as site:
            net = Internet()
            net.name(NAME, PUBLIC)
            net.stands_at(PUBLIC, site.url)
            site.answers("/author/1", page(b"hello"))
            answer = await ask(net, URL.replace("http:", "https:"), tls=client_tls())
            assert isinstance(answer, Page)
            assert asked_for == [NAME]
            assert site.requests[0].headers["host"] == NAME

    asyncio.run(story())


def test_http2_is_spoken_with_the_checked_address() -> None:
    async def story() -> None:
        async with ModernSite.open(b"modern", host=NAME) as site:
            net = Internet()
            net.name(NAME, PUBLIC)
            net.stands_at(PUBLIC, site.url)
            assert isinstance(await ask(net, URL.replace("http:", "https:"), tls=client_tls()), Page)
            assert site.http_versions == ["2"]

    asyncio.run(story())


def test_an_address_that_is_not_there_is_followed_by_the_next() -> None:
    async def story() -> None:
        async with Site.open() as site:
            net = Internet()
            net.name(NAME, [ALSO_PUBLIC, PUBLIC])
            net.stands_at(PUBLIC, site.url)
            site.answers("/author/1", page(b"hello"))
            assert isinstance(await ask(net), Page)
            assert net.dialled == [ALSO_PUBLIC, PUBLIC]
            assert len(site.requests) == 1

    asyncio.run(story())


def test_an_address_that_is_silent_costs_a_moment_only() -> None:
    async def story() -> None:
        async with Site.open() as site:
            net = Internet()
            net.name(NAME, [ALSO_PUBLIC, PUBLIC])
            net.silent(ALSO_PUBLIC)
            net.stands_at(PUBLIC, site.url)
            site.answers("/author/1", page(b"hello"))
            clock = asyncio.get_running_loop().time
            began = clock()
            assert isinstance(await ask(net), Page)
            assert 0.25 <= clock() - began < SETTINGS.idle_timeout_seconds
            assert net.dialled == [ALSO_PUBLIC, PUBLIC]
            assert site.connections == 1

    run_with_servers(story())


def test_no_address_is_there() -> None:
    net = Internet()
    net.name(NAME, [ALSO_PUBLIC, PUBLIC])
    answer = asyncio.run(ask(net))
    assert isinstance(answer, Failure)
    assert answer.detail == f"{NAME} takes no connection: {PUBLIC} is not there"
    assert net.dialled == [ALSO_PUBLIC, PUBLIC] * 3


def test_a_host_of_very_many_addresses_is_not_dialled_at_all_of_them() -> None:
    net = Internet()
    net.name(NAME, [f"93.184.215.{number}" for number in range(1, 200)])
    assert isinstance(asyncio.run(ask(net)), Failure)
    assert len(net.dialled) == 8 * 3


@pytest.mark.parametrize("silent", [NAME, PUBLIC], ids=["resolver", "host"])
def test_silence_ends_in_time(silent: str) -> None:
    net = Internet()
    net.name(NAME, PUBLIC)
    net.silent(silent)

    async def story() -> float:
        clock = asyncio.get_running_loop().time
        began = clock()
        answer = await ask(net)
        assert isinstance(answer, Failure)
        assert answer.detail == f"{NAME} takes no connection: no answer in time"
        return clock() - began

    assert run(story()) == pytest.approx(SETTINGS.attempts * SETTINGS.idle_timeout_seconds)


def test_a_name_without_addresses() -> None:
    net = Internet()
    net.name(NAME, [])
    answer = asyncio.run(ask(net))
    assert isinstance(answer, Failure)
    assert answer.detail == f"{NAME} takes no connection: {NAME} has no address"


def test_resolvers_that_are_silent_do_not_keep_others_from_theirs() -> None:
    """There are more of them than lookups may be under way at once."""

    async def story() -> None:
        async with Site.open() as site:
            net = Internet()
            net.name(NAME, PUBLIC)
            net.stands_at(PUBLIC, site.url)
            site.answers("/author/1", page(b"hello"))
            dead = [f"dead{number}.example" for number in range(100)]
            net.silent(*dead)
            async with Fetcher(SETTINGS, transport=net.transport()) as fetcher:
                lost = [fetcher.get(f"http://{host}/", validators=None, hosts=[host]) for host in dead]
                *failures, answer = await asyncio.gather(*lost, fetcher.get(URL, validators=None, hosts=[NAME]))
            assert isinstance(answer, Page)
            assert {failure.outcome for failure in failures if isinstance(failure, Failure)} == {Outcome.UNREACHABLE}

    run_with_servers(story())


def test_the_system_resolver() -> None:
    async def story() -> None:
        addresses = await look_up("localhost")
        assert addresses
        assert all(address.is_loopback for address in addresses)
        with pytest.raises(OSError, match="not known"):
            await look_up("nowhere.invalid")
        with pytest.raises(UnicodeError):
            await look_up("a" * 64 + ".invalid")

    asyncio.run(story())
