"""A real HTTP server that takes webhooks as their receivers do: what is not signed rightly is refused."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + "c2NyZXQtb2YtdGhpcnR5LXR3by1ieXRlcy1sZW5ndGg="


@dataclass(slots=True)
class SignedHook:
    """Keeps what was signed with `SECRET`; answers ``status`` and the headers."""

    port: int
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    secret: str = SECRET
    #: Of each request that was taken, its id.
    ids: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def signed_hook(port: int = 0) -> Iterator[SignedHook]:
    """Serve until the block ends, on a free port where none is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.requests += 1
            if kept.status < 300:
                # Raises when the signature, or the time of it, is not right.
                kept.taken.append(Webhook(kept.secret).verify(body, dict(self.headers)))
                kept.ids.append(self.headers["webhook-id"])
            self.send_response(kept.status)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """What was not signed rightly has no answer."""

    with Server(("127.0.0.1", port), Handler) as server:
        kept = SignedHook(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
