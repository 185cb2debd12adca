"""What can go wrong between a request and the end of its answer, in a sentence, and whether it may pass.

    httpx.TransportError
    ├── TimeoutException     nobody took the connection, or nobody spoke
    ├── NetworkError         refused, reset, no such host, no route, no trust in a certificate
    └── ProtocolError        an answer that is not HTTP, or that was cut
    PrivateAddressError      a name that leads to where it must not
    OSError                  a broken TLS record in the middle of an answer (ssl.SSLError)
    H2Error                  a broken HTTP/2 frame in the middle of an answer
    ValueError               an HTTP/2 status that is no number; a host name that cannot be one (UnicodeError)

The first is httpx's own tree. The others come through httpx and httpcore as they are.
"""

import httpx
from h2.exceptions import H2Error

from scrapers.dialling import PrivateAddressError

#: Everything that a request lets out because of the world, not because of a bug.
FAULTS = (httpx.TransportError, PrivateAddressError, OSError, H2Error, ValueError)

#: A certificate that is expired, of another host, or signed by nobody known; a protocol of the last century.
_WORDS_OF_DISTRUST = ("CERTIFICATE_VERIFY_FAILED", "UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION")


def is_transient(fault: Exception) -> bool:
    """True for what may be over when the request is made again a moment later."""
    match fault:
        case PrivateAddressError() | ValueError():
            return False
        case httpx.LocalProtocolError() | httpx.UnsupportedProtocol():
            return False
        case _:
            return not _is_distrust(fault)


def explain(url: httpx.URL, fault: Exception) -> str:
    """One sentence for a person."""
    cause = str(fault) or type(fault).__name__
    match fault:
        case PrivateAddressError():
            return cause
        case httpx.ConnectTimeout():
            return f"{_host(url)} takes no connection: no answer in time"
        case httpx.ConnectError() if _is_distrust(fault):
            return f"{_host(url)} is not to be trusted: {cause}"
        case httpx.ConnectError():
            return f"{_host(url)} takes no connection: {str(fault) or 'it is cut before it stands'}"
        case httpx.TimeoutException():
            return f"{url} fell silent in the middle of a request"
        case UnicodeError():
            return f"{url} leads to a host name that cannot be: {cause}"
        case _:
            return f"{url} broke off: {cause}"


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii")


def _is_distrust(fault: Exception) -> bool:
    # httpx passes on the words of the TLS error, not the error.
    return any(word in str(fault) for word in _WORDS_OF_DISTRUST)
