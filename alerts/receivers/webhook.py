"""An HTTP endpoint of one's own: JSON, signed as https://www.standardwebhooks.com says.

    hook: {webhook: "https://example.org/hook", secret: "${HOOK_SECRET}"}

``webhook-id`` is the message's id, the same in every copy; ``webhook-timestamp`` and ``webhook-signature`` are of the
try. What the body looks like, `alerts.webhook_schema` says.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from alerts.delivery import Channel, DeliveryError
from alerts.inert import escaped_json, web_address
from alerts.message import Message
from alerts.receivers.place import Place
from alerts.setting import Setting

if TYPE_CHECKING:
    import httpx

#: Answers of one that will not take the next message either.
_FOR_GOOD = (401, 403, 404, 410)
_GONE = 410
_SECRET_MARK = "whsec_"
#: Bytes of a secret, by the specification.
_SECRET_SIZES = range(24, 65)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    #: It may hold a token.
    url: str = field(repr=False)
    #: One signature by each: who checks may know the old or the new one.
    secrets: tuple[bytes, ...] = field(repr=False)
    #: For the connection, and for each part of the answer.
    timeout_seconds: float = 20.0
    limit_seconds: float = 60.0
    #: Seconds since 1970: who checks a signature looks at the present time, whatever time a run is of.
    clock: Callable[[], float] = time.time

    def send(self, message: Message) -> None:
        import httpx

        from alerts.receivers.trust import tls_context

        sent_at = self.clock()
        body = body_of(message)
        headers = self._headers(message.id, body, int(sent_at))
        tls = tls_context() if self.url.lower().startswith("https:") else False
        client = httpx.Client(verify=tls, trust_env=False, follow_redirects=False, timeout=self.timeout_seconds)
        try:
            with client, client.stream("POST", self.url, content=body, headers=headers) as answer:
                _judge(answer, sent_at)
        except httpx.TimeoutException:
            raise DeliveryError(f"the hook gave no answer within {self.timeout_seconds:g} s") from None
        except httpx.ConnectError as error:
            raise DeliveryError(f"no connection to {httpx.URL(self.url).host}: {error}") from None
        except httpx.TransportError:
            raise DeliveryError("the hook broke the connection off") from None

    def _headers(self, message_id: str, body: bytes, timestamp: int) -> dict[str, str]:
        signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
        return {
            "content-type": "application/json",
            "user-agent": "Scholarwatch",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(_signature(secret, signed) for secret in self.secrets),
        }


def body_of(message: Message) -> bytes:
    """The same for every copy."""
    values: dict[str, Any] = {
        "type": "scholarwatch.digest" if message.digest else "scholarwatch.message",
        "timestamp": message.created_at.isoformat(),
        "data": message.to_json(),
    }
    return escaped_json(json.dumps(values, ensure_ascii=False)).encode()


def channel(keys: Mapping[str, Setting], _place: Place) -> Channel:
    """From the URL, and the secret beside it."""
    url = keys["webhook"].text()
    if not web_address(url) or not url.partition("://")[2].partition("/")[0]:
        keys["webhook"].refuse("must be an address like “https://example.org/hook”")
    if "secret" not in keys:
        keys["webhook"].refuse("needs a “secret” beside it, with which messages are signed")
    return WebhookChannel(url=url, secrets=tuple(_secret(secret) for secret in keys["secret"].one_or_more()))


def _secret(setting: Setting) -> bytes:
    try:
        secret = base64.b64decode(setting.text().removeprefix(_SECRET_MARK), validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) not in _SECRET_SIZES:
        setting.refuse("must be 24 to 64 bytes in base64, as “openssl rand -base64 32” makes them")
    return secret


def _judge(answer: "httpx.Response", sent_at: float) -> None:
    """Raise DeliveryError unless the answer says that it took the message. The answer's body is not looked at."""
    if answer.is_success:
        return
    moved = " (redirects are not followed)" if answer.is_redirect else ""
    raise DeliveryError(
        f"the hook answered {answer.status_code}{moved}",
        permanent=answer.status_code in _FOR_GOOD,
        gone=answer.status_code == _GONE,
        retry_after_seconds=_retry_after_seconds(answer.headers.get("retry-after", ""), sent_at),
    )


def _signature(secret: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def _retry_after_seconds(said: str, now: float) -> float | None:
    """A number of seconds, or a date; None for anything else."""
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now
