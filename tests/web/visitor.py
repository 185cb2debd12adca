"""A browser without scripts: asks the application in this process, keeps cookies, sends forms as pages give them."""

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI


class Visitor:
    """Follows no redirects by itself."""

    def __init__(self, app: FastAPI, **headers: str) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers={"accept": "text/html"} | headers
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._runner.run(
            self._client.get(path, headers={name.replace("_", "-"): headers[name] for name in headers})
        )

    def post(self, path: str, values: dict[str, str], **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): headers[name] for name in headers}
        return self._runner.run(self._client.post(path, data=values, headers=named))

    def page(self, path: str, status: int = 200) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text}"
        return BeautifulSoup(answer.text, "lxml")

    def page_bytes(self, path: str) -> bytes:
        """A page as it comes."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.content

    def text(self, path: str, status: int = 200) -> str:
        """What stands on a page, but for what is around every page."""
        return words(self.page(path, status))

    def soup(self, answer: httpx.Response) -> BeautifulSoup:
        return BeautifulSoup(answer.text, "lxml")

    def send(self, page: BeautifulSoup, action: str, **typed: str) -> httpx.Response:
        """Send the form of the page that goes there, with this typed into it."""
        form = _forms(page, action)[-1]
        return self._send(form, action, typed)

    def send_one(self, page: BeautifulSoup, action: str, *, identifier: str, **typed: str) -> httpx.Response:
        """Of several forms that go there, send that which is about the thing of this id."""
        [form] = [form for form in _forms(page, action) if form.select_one(f'input[name="id"][value="{identifier}"]')]
        return self._send(form, action, typed)

    def _send(self, form: Tag, action: str, typed: dict[str, str]) -> httpx.Response:
        values: dict[str, Any] = {field["name"]: field.get("value", "") for field in form("input") if _is_sent(field)}
        return self.post(action, values | typed)


def _forms(page: BeautifulSoup, action: str) -> list[Tag]:
    return [form for form in page("form") if form.get("action") == action and form.get("method") == "post"]


def _is_sent(field: Tag) -> bool:
    """A box that is not ticked says nothing."""
    return bool(field.get("name")) and (field.get("type") != "checkbox" or field.has_attr("checked"))


def words(page: BeautifulSoup) -> str:
    main = page.main
    assert isinstance(main, Tag)
    return " ".join(main.get_text(" ").split())
