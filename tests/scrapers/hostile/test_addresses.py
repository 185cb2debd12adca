"""Which addresses are public."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.addresses import is_named, is_public, is_written_private

PRIVATE = {
    "unspecified": "0.0.0.0",
    "this network": "0.1.2.3",
    "loopback": "127.0.0.1",
    "all of loopback": "127.255.255.254",
    "private, class A": "10.0.0.1",
    "private, class B": "172.16.0.1",
    "private, class C": "192.168.1.1",
    "carrier's own": "100.64.0.1",
    "metadata of Alibaba": "100.100.100.200",
    "link-local": "169.254.0.1",
    "metadata of most clouds": "169.254.169.254",
    "metadata of Azure": "168.63.129.16",
    "protocol assignments": "192.0.0.192",
    "relay of 6to4": "192.88.99.1",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "public multicast": "233.252.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified, IPv6": "::",
    "loopback, IPv6": "::1",
    "link-local, IPv6": "fe80::1",
    "link-local with its scope": "fe80::1%eth0",
    "site-local": "fec0::1",
    "unique local": "fd00::1",
    "metadata of Amazon, IPv6": "fd00:ec2::254",
    "multicast, IPv6": "ff02::1",
    "public multicast, IPv6": "ff0e::1",
    "documentation, IPv6": "2001:db8::1",
    "more documentation, IPv6": "3fff::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "outside of what is handed out": "4000::1",
    "loopback, mapped": "::ffff:127.0.0.1",
    "metadata, mapped": "::ffff:169.254.169.254",
    "loopback, compatible": "::127.0.0.1",
    "private, through NAT64": "64:ff9b::10.0.0.1",
    "metadata, through NAT64": "64:ff9b::169.254.169.254",
    "local NAT64": "64:ff9b:1::8.8.8.8",
    "loopback, through 6to4": "2002:7f00:1::1",
    "private, through 6to4": "2002:c0a8:101::1",
}
PUBLIC = {
    "IPv4": "93.184.215.14",
    "IPv6": "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "mapped": "::ffff:93.184.215.14",
    "through NAT64": "64:ff9b::93.184.215.14",
    "through 6to4": "2002:5db8:d70e::1",
    "beside a private range": "172.32.0.1",
    "beside Azure's own": "168.63.129.17",
}


@pytest.mark.parametrize("address", list(PRIVATE.values()), ids=list(PRIVATE))
def test_private_addresses(address: str) -> None:
    assert not is_public(ip_address(address))
    assert is_written_private(address)


@pytest.mark.parametrize("address", list(PUBLIC.values()), ids=list(PUBLIC))
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))
    assert not is_written_private(address)


@given(number=st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_as_public_wherever_it_is_written(number: int) -> None:
    bare = is_public(IPv4Address(number))
    assert is_public(IPv6Address((0xFFFF << 32) | number)) is bare
    assert is_public(IPv6Address((0x64_FF9B << 96) | number)) is bare
    assert is_public(IPv6Address((0x2002 << 112) | (number << 80))) is bare


@pytest.mark.parametrize(
    ("host", "port", "hosts", "named"),
    [
        ("a.example", 80, ["a.example"], True),
        ("a.example", 8080, ["a.example"], True),
        ("a.example", 8080, ["A.example:8080"], True),
        ("a.example", 80, ["a.example:8080"], False),
        ("::1", 80, ["[::1]"], True),
        ("::1", 80, ["[::1]:80"], True),
        ("b.a.example", 80, ["a.example"], False),
        ("a.example", 80, [], False),
    ],
)
def test_hosts_by_name(host: str, port: int, hosts: list[str], named: bool) -> None:
    assert is_named(host, port, hosts) is named
