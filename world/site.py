"""An imitation of Scholar Feed on 127.0.0.1, with verbs, so that a test reads as a story.

    with Site() as site:
        ada = site.author("Ada Example", papers=papers(50, before=date(2026, 11, 22)), h_index=12, citations=900)
        ...                                         # somebody reads site.url(ada)
        site.add_paper(ada, paper("A New Thing", published=date(2026, 11, 21)))
        site.blocked(ada, times=1)                  # a captcha for one request, then the page again

Every verb may be used while the site is being read; a request sees the state before or after it, never between.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlsplit

from world.markup import Skin, Style, text_copy
from world.papers import Paper
from world.printer import Printer
from world.profile import Metrics, Profile
from world.trouble import Failing, spoiled
from world.troubled import Troubled
from world.wire import Answer, Ask, Reply, Server

_FIRST_KEY = 1001

#: Told of every good answer under the site's lock: the profile as shown, and whether it went out as a 304.
Witness = Callable[[Profile, bool], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of the site's log."""

    method: str
    path: str
    #: Names in lower case.
    headers: Mapping[str, str]
    #: Of the profile that was asked for; None for anything else.
    key: str | None
    #: None: there was no answer.
    status: int | None
    #: True: the profile's true page went out, or a truthful 304.
    good: bool


class Site(Troubled):
    """The server and everything it shows. ``today`` decides which year goes without saying on the pages."""

    def __init__(
        self,
        *,
        today: date = date(2026, 11, 22),
        skin: Skin = Skin.ARTICLES,
        pad_to_bytes: int = 0,
        port: int = 0,
        witness: Witness | None = None,
    ) -> None:
        super().__init__()
        self._printer = Printer(Style(skin=skin, pad_to_bytes=pad_to_bytes), today)
        self._witness = witness
        self._server = Server(self._answer, port=port)
        self._profiles: dict[str, Profile] = {}
        self._pages: dict[str, Callable[[], str]] = {}
        self._log: list[Request] = []

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    # -- what is asked of it -------------------------------------------------------------------------

    @property
    def requests(self) -> tuple[Request, ...]:
        """Everything that was asked so far, oldest first."""
        with self._lock:
            return tuple(self._log)

    @property
    def root(self) -> str:
        """``http://127.0.0.1:PORT``"""
        return self._server.url

    def url(self, key: str) -> str:
        """Where the profile's page is."""
        return f"{self.root}/author/{key}"

    def profile(self, key: str) -> Profile:
        """What the profile's page shows when nothing is wrong. Raises LookupError for an unknown key."""
        if key not in self._profiles:
            raise LookupError(f"nobody has the key {key!r}")
        return self._profiles[key]

    def text_copy(self, key: str) -> str:
        """The page as somebody would copy it by hand: text without links."""
        return text_copy(self.profile(key), self._printer.today)

    # -- what it shows -------------------------------------------------------------------------------

    def author(
        self,
        name: str,
        papers: Sequence[Paper] = (),
        *,
        key: str | None = None,
        field: str = "LG",
        total: int | None = None,
        **metrics: int | float | None,
    ) -> str:
        """Open a profile and return its key. ``total`` is the metric "papers"; without it, as many as are listed."""
        key = key or str(_FIRST_KEY + len(self._profiles))
        shown = {"papers": len(papers) if total is None else total} | metrics
        self.show(Profile(key=key, name=name, field=field, metrics=shown, papers=tuple(papers)))
        return key

    def show(self, profile: Profile) -> None:
        """Show exactly this, from now on."""
        with self._lock:
            # A profile that says the same stays the same object, and is not printed again.
            if self._profiles.get(profile.key) != profile:
                self._profiles[profile.key] = profile

    def page(self, key: str, *, papers: Sequence[Paper] | None = None, metrics: Metrics | None = None) -> None:
        """Replace the list of papers, the metrics, or both."""
        profile = self.profile(key)
        self.show(
            replace(
                profile,
                papers=profile.papers if papers is None else tuple(papers),
                metrics=profile.metrics if metrics is None else dict(metrics),
            )
        )

    def add_paper(self, key: str, paper: Paper, *, place: int = 0) -> None:
        """List one more paper, and count it."""
        listed = list(self.profile(key).papers)
        listed.insert(place, paper)
        self._list(key, listed)

    def remove_paper(self, key: str, title: str) -> None:
        """Take a paper off the list, and out of the count."""
        gone = self._find(key, title)
        self._list(key, [paper for paper in self.profile(key).papers if paper is not gone])

    def retitle(self, key: str, title: str, new_title: str) -> None:
        """Change a listed paper's title."""
        self.amend(key, title, title=new_title)

    def amend(self, key: str, title: str, /, **changes: Any) -> None:
        """Change fields of one listed paper: ``site.amend(ada, "A New Thing", score=98.1, has_code=True)``."""
        found = self._find(key, title)
        papers = (replace(paper, **changes) if paper is found else paper for paper in self.profile(key).papers)
        self.show(replace(self.profile(key), papers=tuple(papers)))

    def rename(self, key: str, name: str) -> None:
        """Change the name on the profile."""
        self.show(replace(self.profile(key), name=name))

    def set_metric(self, key: str, name: str, value: int | float | None) -> None:
        """Show this value; None: a dash stands in its place."""
        self.page(key, metrics={**self.profile(key).metrics, name: value})

    def hide_metric(self, key: str, name: str) -> None:
        """Name the metric no more."""
        self.page(key, metrics={n: value for n, value in self.profile(key).metrics.items() if n != name})

    def reorder(self, key: str, seed: int = 1) -> None:
        """Put the papers into another order."""
        papers = list(self.profile(key).papers)
        random.Random(seed).shuffle(papers)
        self.page(key, papers=papers)

    def show_authors(self, key: str, count: int) -> None:
        """Cut bylines after so many names."""
        self.show(replace(self.profile(key), authors_shown=count))

    def on(self, day: date) -> None:
        """Let it be this day."""
        with self._lock:
            self._printer.today = day

    def redress(self, skin: Skin) -> None:
        """Show the same text in other markup."""
        self._restyle(skin=skin)

    def rebuild(self, build: str) -> None:
        """Roll out a release: the bytes of every page change, and nothing that one can see."""
        self._restyle(build=build)

    def script(self, scripted: bool = True) -> None:
        """Make the pages in the browser from now on, or no more: what is sent has no text but a script."""
        self._restyle(scripted=scripted)

    def robots(self, text: str) -> None:
        """Have this robots.txt; without it there is none (404)."""
        self.serve("/robots.txt", lambda: text)

    def serve(self, path: str, body: Callable[[], str]) -> None:
        """Answer this path with a text that is made anew for every request."""
        with self._lock:
            self._pages[path] = body

    def print_all(self) -> None:
        """Have every page ready before the first request, as a benchmark wants it."""
        with self._lock:
            for profile in self._profiles.values():
                self._printer.print(profile)

    def no_validators(self) -> None:
        """Send neither ETag nor Last-Modified, and never a 304."""
        with self._lock:
            self._printer.validators = False

    # -- how it answers --------------------------------------------------------------------------------

    def _answer(self, ask: Ask) -> Answer:
        path = urlsplit(ask.path).path
        key = path.removeprefix("/author/") if path.startswith("/author/") else None
        with self._lock:
            profile = self._profiles.get(key) if key is not None else None
            answer, good = (self._other_page(path), False) if profile is None else self._show(profile, ask)
            status = answer.status if isinstance(answer, Reply) else None
            self._log.append(
                Request(method=ask.method, path=ask.path, headers=ask.headers, key=key, status=status, good=good)
            )
        return answer

    def _show(self, profile: Profile, ask: Ask) -> tuple[Answer, bool]:
        page = self._printer.reply(profile, ask)
        mood = self._mood(profile.key)
        if mood is not None:
            return spoiled(mood, page, lambda: self._printer.reply(replace(profile, papers=()), ask)), False
        if self._witness is not None and ask.method == "GET":
            self._witness(profile, page.status == 304)
        return page, True

    def _other_page(self, path: str) -> Answer:
        if path in self._pages:
            body = self._pages[path]().encode()
            return Reply(status=200, headers={"Content-Type": "text/plain; charset=utf-8"}, body=body)
        return spoiled(self._mood(None) or Failing(404), Reply(status=404), lambda: Reply(status=404))

    def _find(self, key: str, title: str) -> Paper:
        for paper in self.profile(key).papers:
            if paper.title == title:
                return paper
        raise LookupError(f"{self.profile(key).name} has no paper {title!r} on the page")

    def _list(self, key: str, papers: Sequence[Paper]) -> None:
        profile = self.profile(key)
        metrics = dict(profile.metrics)
        total = metrics.get("papers")
        if total is not None:
            metrics["papers"] = total + len(papers) - len(profile.papers)
        self.page(key, papers=papers, metrics=metrics)

    def _restyle(self, **changes: Any) -> None:
        with self._lock:
            self._printer.style = replace(self._printer.style, **changes)


if __name__ == "__main__":
    from world.serve import main

    main()
