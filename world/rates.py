"""How often things happen in a simulated world."""

from dataclasses import dataclass

from world.trouble import Failing, Mood, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The ordinary course of things: a chance per profile and day, unless said otherwise."""

    #: Papers published on one day over the whole world: none, this many, or anything between.
    most_new_papers_a_day: int = 3
    #: Of new papers, how many also carry the name of somebody else who is followed.
    shared: float = 0.2
    #: Of new papers, how many continue an earlier one of the same author ("…, Part II").
    sequel: float = 0.08
    #: Of new papers, how many have a typing error in the title, corrected some days later.
    typo: float = 0.1
    #: Of new papers, how many get a score, a code badge, institutions, a second version in the days to come.
    scored: float = 0.8
    coded: float = 0.13
    placed: float = 0.4
    versioned: float = 0.15
    #: An old paper is found and listed.
    old_paper: float = 0.01
    #: A listed paper changes places with one that the full page did not show.
    pushed_on: float = 0.2
    #: A paper is missing for one day.
    mislaid: float = 0.01
    #: A paper is taken away for good.
    withdrawn: float = 0.002
    reordered: float = 0.6
    #: A listed paper gets a subtitle, or a new version.
    subtitled: float = 0.004
    revised: float = 0.01
    #: The bylines of the page are cut after another number of names.
    recut: float = 0.03
    cited: float = 0.4
    #: A handful of citations is taken back.
    uncited: float = 0.03
    h_index: float = 0.02
    novelty: float = 0.04
    ai_score: float = 0.04
    #: A metric is not shown for some days.
    hidden: float = 0.01
    #: A chance per day: a release of the site changes every page's bytes; its markup is made anew.
    rebuilt: float = 0.15
    redressed: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleRates:
    """What goes wrong: a chance per profile and day. A mood lasts for the day."""

    error: float = 0.01
    blocked: float = 0.01
    just_a_moment: float = 0.005
    login: float = 0.005
    #: Only once a profile has been shown well: nobody can tell at first sight that an empty list is wrong.
    empty: float = 0.01
    cut: float = 0.01
    breaks_off: float = 0.005
    reset: float = 0.01
    #: Costs every reader its whole patience in real time.
    hang: float = 0.0
    #: One torn connection, then the page.
    hiccup: float = 0.02
    #: A chance per day: the whole site answers with status 500.
    outage: float = 0.02
    #: No profile is spoiled on more days in a row.
    longest_days: int = 3

    def __post_init__(self) -> None:
        if sum(self.moods().values()) > 1:
            raise ValueError("more than everything goes wrong: the chances of a day's moods add up to more than 1")

    def moods(self) -> dict[Mood, float]:
        """The chance of each mood that lasts for a day."""
        return {
            Failing(500): self.error,
            Trouble.BLOCKED: self.blocked,
            Trouble.JUST_A_MOMENT: self.just_a_moment,
            Trouble.LOGIN: self.login,
            Trouble.EMPTY: self.empty,
            Trouble.CUT: self.cut,
            Trouble.BREAKS_OFF: self.breaks_off,
            Trouble.RESET: self.reset,
            Trouble.HANG: self.hang,
        }


#: A world in which nothing ever goes wrong.
NO_TROUBLE = TroubleRates(
    error=0, blocked=0, just_a_moment=0, login=0, empty=0, cut=0, breaks_off=0, reset=0, hiccup=0, outage=0
)
