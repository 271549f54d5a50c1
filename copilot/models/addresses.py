"""Which addresses are in the building: this computer, private networks, and names that only those know.

Decided without asking a name server, so that an address outside is refused before anything is sent, the question for it
included.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".intranet", ".home.arpa", ".localdomain")
"""RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa), ICANN's reservation of internal; others by custom."""


def host_of(url: str) -> str:
    """The host in an address, in small letters, without brackets; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def is_inside(host: str) -> bool:
    """Whether a host, by its name or number alone, is in the building; a name must still lead to such a number."""
    try:
        return is_private(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_LOCAL_ENDINGS))


def is_private(number: str) -> bool:
    """Whether an IP address is loopback, link-local or of a private network (RFC 1918, RFC 4193).

    Raises `ValueError` for anything else than an address.
    """
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in _NETWORKS if network.version == address.version)


_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
