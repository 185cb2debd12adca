"""A program that asks the API of the application in this process."""

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx
from fastapi import FastAPI


class Caller:
    """Addresses are those below ``/api/v1``. What fails in the application fails the test."""

    def __init__(self, app: FastAPI, **headers: str) -> None:
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=_named(headers)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._runner.run(self._client.get(f"/api/v1/{path}", headers=_named(headers)))

    def post(self, path: str, values: Any = None, **headers: str) -> httpx.Response:
        body = {} if values is None else values
        return self._runner.run(self._client.post(f"/api/v1/{path}", json=body, headers=_named(headers)))

    def send(self, path: str, content: bytes, **headers: str) -> httpx.Response:
        return self._runner.run(self._client.post(f"/api/v1/{path}", content=content, headers=_named(headers)))

    def json(self, path: str, status: int = 200) -> Any:
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text}"
        return answer.json()

    def walk(self, path: str, limit: int = 2) -> list[Any]:
        """All of a list, piece by piece."""
        found, cursor = [], ""
        while True:
            separator = "&" if "?" in path else "?"
            piece = self.json(f"{path}{separator}limit={limit}{cursor}")
            assert len(piece["items"]) <= limit
            found += piece["items"]
            if piece["next"] is None:
                return found
            cursor = f"&cursor={piece['next']}"


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
