"""The server behind the pages: one process, some threads, on a socket that is there already."""

import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def serve_on(app: FastAPI, listener: socket.socket) -> None:
    """Answer until the process is told to end."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False)
    # Who interrupts it wants it to end, and that is all.
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
