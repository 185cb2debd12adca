"""The verbs by which things go wrong: for one profile, or for the whole site when none is named.

Each holds until `up`, or for as many requests as ``times`` says. A later mood takes the place of an earlier one.
"""

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass

from world.profile import Profile
from world.trouble import Failing, Mood, Moved, Trouble


@dataclass(slots=True)
class _Spell:
    """A mood and the number of requests it lasts for; None: until it is lifted."""

    mood: Mood
    requests_left: int | None


class Troubled(ABC):
    """A site that things can happen to."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._spells: dict[str | None, _Spell] = {}

    @abstractmethod
    def profile(self, key: str) -> Profile:
        """The profile of this key. Raises LookupError for an unknown one."""

    def befall(self, key: str | None, mood: Mood, *, times: int | None = None) -> None:
        """Let this be wrong. Raises LookupError for an unknown key, ValueError for less than one time."""
        if key is not None:
            self.profile(key)
        if times is not None and times < 1:
            raise ValueError(f"something cannot go wrong {times} times")
        with self._lock:
            self._spells[key] = _Spell(mood, times)

    def up(self, key: str | None = None) -> None:
        """Nothing is wrong any more with this profile or, when none is named, with anything."""
        with self._lock:
            if key is None:
                self._spells.clear()
            else:
                self._spells.pop(key, None)

    def down(
        self,
        key: str | None = None,
        status: int = 500,
        *,
        retry_after_seconds: int | None = None,
        times: int | None = None,
    ) -> None:
        """Answer with an error page of this status: 404, 429, 503, …"""
        self.befall(key, Failing(status, retry_after_seconds), times=times)

    def moved(self, key: str, to: str, *, times: int | None = None) -> None:
        """Redirect to another address, for good."""
        self.befall(key, Moved(to), times=times)

    def blocked(self, key: str | None = None, *, times: int | None = None) -> None:
        """Answer with a captcha and status 200."""
        self.befall(key, Trouble.BLOCKED, times=times)

    def just_a_moment(self, key: str | None = None, *, times: int | None = None) -> None:
        """Answer with a waiting room and status 200."""
        self.befall(key, Trouble.JUST_A_MOMENT, times=times)

    def login(self, key: str | None = None, *, times: int | None = None) -> None:
        """Answer with a login page and status 200."""
        self.befall(key, Trouble.LOGIN, times=times)

    def empty(self, key: str | None = None, *, times: int | None = None) -> None:
        """Answer with the profile, its metrics and no papers, with status 200."""
        self.befall(key, Trouble.EMPTY, times=times)

    def not_modified(self, key: str | None = None, *, times: int | None = None) -> None:
        """Answer 304 whatever was asked."""
        self.befall(key, Trouble.NOT_MODIFIED, times=times)

    def cut(self, key: str | None = None, *, times: int | None = None) -> None:
        """Answer with half a page as if it were whole: length and validators fit."""
        self.befall(key, Trouble.CUT, times=times)

    def breaks_off(self, key: str | None = None, *, times: int | None = None) -> None:
        """End the connection in the middle of the page."""
        self.befall(key, Trouble.BREAKS_OFF, times=times)

    def reset(self, key: str | None = None, *, times: int | None = None) -> None:
        """Tear the connection down without an answer."""
        self.befall(key, Trouble.RESET, times=times)

    def hang(self, key: str | None = None, *, times: int | None = None) -> None:
        """Never answer, and keep the connection open."""
        self.befall(key, Trouble.HANG, times=times)

    def _mood(self, key: str | None) -> Mood | None:
        """What is wrong with the next answer. The whole site's mood goes before that of a profile."""
        for owner in dict.fromkeys((None, key)):
            spell = self._spells.get(owner)
            if spell is not None:
                return self._use(owner, spell)
        return None

    def _use(self, owner: str | None, spell: _Spell) -> Mood:
        if spell.requests_left is not None:
            spell.requests_left -= 1
            if spell.requests_left == 0:
                del self._spells[owner]
        return spell.mood
