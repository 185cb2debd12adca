"""Rehearsals under way: one at a time, in a thread of its own, so that nobody waits for a page that does not come.

>>> one = desk.rehearsals.begin(store, settings, wanted)
>>> one.wait(2.0)
>>> one.report
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from alerts.message import Message
from flows.config.whole import Settings
from flows.rehearsal_stage import Wanted, WrongRehearsal
from flows.rehearsing import RehearsalReport, rehearse
from storage.errors import StoreError
from storage.store import Store

#: So many messages are kept to be shown; the others are counted.
SHOWN = 20
#: So many rehearsals are remembered.
_KEPT = 8


class _Overtaken(Exception):  # noqa: N818 - it ends a rehearsal, and is no error
    """Another one was begun: nobody waits for this."""


@dataclass(slots=True)
class Rehearsing:
    """One rehearsal. While ``report`` and ``wrong`` are empty it goes on."""

    name: str
    #: How much of it is through, 0..1.
    done: float = 0.0
    report: RehearsalReport | None = None
    messages: list[Message] = field(default_factory=list)
    #: Why there is none.
    wrong: str = ""
    _is_over: threading.Event = field(default_factory=threading.Event)
    _is_overtaken: bool = False

    def wait(self, seconds: float) -> bool:
        """True when it was over by then."""
        return self._is_over.wait(seconds)

    def overtake(self) -> None:
        self._is_overtaken = True

    def run(self, store: Store, settings: Settings, wanted: Wanted) -> None:
        try:
            report = rehearse(store, settings, wanted, on_message=self._keep, progress=self._note)
        except (WrongRehearsal, StoreError) as error:
            self.wrong = str(error)
        except _Overtaken:
            self.wrong = "another one was begun meanwhile"
        except BaseException:
            self.wrong = "it failed; the server's log has it"
            raise
        else:
            self.report = report
        finally:
            self._is_over.set()

    def _keep(self, message: Message) -> None:
        if len(self.messages) < SHOWN:
            self.messages.append(message)

    def _note(self, total: int, done: int) -> None:
        if self._is_overtaken:
            raise _Overtaken
        self.done = done / total if total else 1.0


class Rehearsals:
    """Those of this server."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Rehearsing] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, store: Store, settings: Settings, wanted: Wanted) -> Rehearsing:
        """Begin one; another that goes on is given up."""
        one = Rehearsing(name=secrets.token_urlsafe(9))
        with self._lock:
            for before in self._kept.values():
                before.overtake()
            self._kept[one.name] = one
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        threading.Thread(target=one.run, args=(store, settings, wanted), daemon=True).start()
        return one

    def called(self, name: str) -> Rehearsing | None:
        with self._lock:
            return self._kept.get(name)
