"""Which network addresses are out in the world, and which are somebody's own.

An address that is not public belongs to this machine, its neighbours, or the cloud that it runs in. A site could lead
us there, by a redirect or by what its name resolves to, to have us ask what it cannot ask itself.
"""

import ipaddress
import socket
from collections.abc import Collection

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: All that is handed out to hosts of the world; beside it are loopback, private, link-local and reserved ranges.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
#: RFC 6052: an IPv4 address in the last 32 bits, for networks that have no IPv4.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: Set aside too, though not every version of Python knows it: protocol assignments, the relay of 6to4, documentation;
#: and, with a number like any other, the address at which Azure answers its guests.
_SET_ASIDE = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "168.63.129.16/32")))


def is_public(address: Address) -> bool:
    """True for an address that means the same host to everybody; of one that holds an IPv4 address, if that does."""
    if isinstance(address, ipaddress.IPv6Address):
        within = _ipv4_within(address)
        if within is not None:
            return is_public(within)
        if address not in _GLOBAL_UNICAST:
            return False
    is_set_aside = any(address in network for network in _SET_ASIDE)
    return address.is_global and not address.is_multicast and not is_set_aside


def written_address(host: str) -> Address | None:
    """The address that a host of a URL is, in today's notation; None: it is a name, or only a resolver knows it."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_written_private(host: str) -> bool:
    """True for a host that is this machine or a private address by what is written, however it is written."""
    if is_localhost(host):
        return True
    address = written_address(host) or _in_old_notation(host)
    return address is not None and not is_public(address)


def is_localhost(host: str) -> bool:
    """True for the names of this machine (RFC 6761)."""
    return host == "localhost" or host.endswith(".localhost")


def is_named(host: str, port: int | None, hosts: Collection[str]) -> bool:
    """Whether a list of hosts, each ``host`` (any port) or ``host:port``, has this one; IPv6 stands in brackets."""
    bare = f"[{host}]" if ":" in host else host
    return any(entry.lower() in (bare, f"{bare}:{port}") for entry in hosts)


def _ipv4_within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _in_old_notation(host: str) -> Address | None:
    """The resolver takes 2130706433, 0x7f.1 and 127.1 for 127.0.0.1, so they are read as it reads them."""
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
