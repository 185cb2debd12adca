"""Web archives, made up: by warcio's own writer where it can write them, else byte by byte."""

import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.scrapers.origins.asking import URL

HTML_HEADERS = {"Content-Type": "text/html; charset=utf-8"}


class Archive:
    """The bytes of a WARC file, record by record."""

    def __init__(self, *, zipped: bool = False, version: str = "1.0") -> None:
        self._zipped = zipped
        self._version = version
        self.records: list[bytes] = []

    @property
    def content(self) -> bytes:
        return b"".join(self.records)

    @property
    def offsets(self) -> list[int]:
        """Where each record begins, and where the last one ends."""
        return [sum(map(len, self.records[:number])) for number in range(len(self.records) + 1)]

    def save(self, path: Path) -> Path:
        path.write_bytes(self.content)
        return path

    def response(
        self,
        time: str,
        body: bytes,
        *,
        url: str = URL,
        status: str = "200 OK",
        headers: Mapping[str, str] = HTML_HEADERS,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
        self._write("response", time, url, body, http=http, fields=fields)

    def resource(self, time: str, body: bytes, *, url: str = URL, content_type: str = "text/html") -> None:
        self._write("resource", time, url, body, content_type=content_type)

    def request(self, time: str, *, url: str = URL) -> None:
        self._write("request", time, url, b"", http=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True))

    def revisit(
        self,
        time: str,
        *,
        url: str = URL,
        digest: str | None,
        refers_to: tuple[str, str] | None = None,
        status: str | None = "200 OK",
        headers: Mapping[str, str] = HTML_HEADERS,
    ) -> None:
        """``refers_to`` is URL and time of the record whose content this one has."""
        fields = {"WARC-Payload-Digest": digest} if digest is not None else {}
        if refers_to is not None:
            fields |= {"WARC-Refers-To-Target-URI": refers_to[0], "WARC-Refers-To-Date": refers_to[1]}
        http = None if status is None else StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
        self._write("revisit", time, url, b"", http=http, fields=fields)

    def _write(
        self,
        kind: str,
        time: str,
        url: str,
        body: bytes,
        *,
        http: Any = None,
        fields: Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> None:
        file = io.BytesIO()
        writer = WARCWriter(file, gzip=self._zipped, warc_version=self._version)
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": time, **(fields or {})},
            warc_content_type=content_type or "",
        )
        writer.write_record(record)
        self.records.append(file.getvalue())


def payload_digest(archive: Archive) -> str:
    """The payload digest of the archive's last record, which must not be zipped."""
    line = next(line for line in archive.records[-1].split(b"\r\n") if line.startswith(b"WARC-Payload-Digest: "))
    return line.partition(b": ")[2].decode()


def http_answer(body: bytes, *, status: str = "200 OK", headers: Mapping[str, str] = HTML_HEADERS) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def warc_record(fields: Mapping[str, str], content: bytes, *, length: int | None = None) -> bytes:
    """A record as no library would write it."""
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in fields.items())]
    lines += [f"Content-Length: {len(content) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode() + content + b"\r\n\r\n"


def arc(answers: Sequence[tuple[str, str, bytes]], *, zipped: bool = False) -> bytes:
    """An ARC file of (14 digits, URL, HTTP answer)."""
    version = b"1 0 Made-Up\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://made-up.arc 0.0.0.0 20260301000000 text/plain {len(version)}\n".encode() + version + b"\n"
    records = [head]
    for time, url, answer in answers:
        records.append(f"{url} 192.0.2.1 {time} text/html {len(answer)}\n".encode() + answer + b"\n")
    return b"".join(gzip.compress(record) if zipped else record for record in records)


def chunked(body: bytes, size: int = 7) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
