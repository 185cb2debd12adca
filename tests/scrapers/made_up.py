"""Made-up profiles for Scholar Feed pages, as nasty as real ones get, and what each must read as."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from tracking.reading import PaperReading, ProfileReading, Published

#: The day on which all made-up pages are observed.
OBSERVED_ON = date(2026, 11, 22)
_SOME_DAY = Published(2022, 6, 3)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPaper:
    """The visible text of one paper."""

    head: tuple[str, ...]
    title: str
    authors: tuple[str, ...]
    cut: bool
    institutions: tuple[str, ...]
    paragraphs: tuple[str, ...]
    reading: PaperReading

    @property
    def byline(self) -> str:
        text = ", ".join(self.authors) + (" et al." if self.cut else "")
        return text + (" · " + ", ".join(self.institutions) if self.institutions else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProfile:
    """The visible text of one page: metrics as (label, value, value stands first on the real page)."""

    name: str
    field: str
    metrics: tuple[tuple[str, str, bool], ...]
    papers: tuple[ShownPaper, ...]
    reading: ProfileReading

    @property
    def heading(self) -> str:
        return f"{len(self.papers)} Papers"


def _seen(text: str) -> str:
    """A soft hyphen inside a line has no width, and any whitespace is a space."""
    return " ".join(text.replace("\u00ad", "").split())


def shown_paper(
    title: str,
    *,
    authors: tuple[str, ...] = ("Ada Quill",),
    cut: bool = False,
    institutions: tuple[str, ...] = (),
    category: str = "LG",
    published: Published = _SOME_DAY,
    with_year: bool = True,
    code: bool = False,
    score: float | None = None,
    paragraphs: tuple[str, ...] = (),
) -> ShownPaper:
    assert published.month is not None
    shown_date = f"{MONTHS[published.month - 1]} {published.day}" + (f", {published.year}" if with_year else "")
    head = [] if score is None else [f"{score:.1f}"]
    head += [category, shown_date] + (["Code"] if code else [])
    reading = PaperReading(
        title=_seen(title),
        authors=authors,
        authors_complete=not cut,
        institutions=institutions,
        category=category,
        published=published,
        year_inferred=not with_year,
        has_code=code,
        score=score,
        abstract=_seen(" ".join(paragraphs)) or None,
    )
    return ShownPaper(
        head=tuple(head),
        title=title,
        authors=authors,
        cut=cut,
        institutions=institutions,
        paragraphs=paragraphs,
        reading=reading,
    )


def shown_profile(papers: list[ShownPaper], *, name: str, metrics: dict[str, int | float | None]) -> ShownProfile:
    rows = {
        "h_index": ("h-index", "{}", False),
        "papers": ("papers", "{}", True),
        "citations": ("citations", "{:,}", True),
        "novelty": ("Novelty", "{:.0%}", False),
        "ai_score": ("AI Score", "{}", False),
    }
    shown = tuple(
        (rows[key][0], "–" if value is None else rows[key][1].format(value), rows[key][2])
        for key, value in metrics.items()
    )
    count = metrics.get("papers")
    reading = ProfileReading(
        source="scholarfeed",
        name=name,
        field="LG",
        metrics=metrics,
        papers=tuple(paper.reading for paper in papers),
        complete=len(papers) != 50 and (count is None or count <= len(papers)),
    )
    return ShownProfile(name=name, field="LG", metrics=shown, papers=tuple(papers), reading=reading)


_WORDS = st.sampled_from(
    [
        "learning",
        "Deep",
        "the",
        "of",
        "robust",
        "α-stable",
        "Über",
        "学習",
        "توجيه",
        "H₂O",
        "γλώσσα",
        "<b>bold</b>",
        "a<b",
        "&amp;",
        "&&",
        '"quoted"',
        "it's",
        "{x}",
        "self-\xadplay",
        "10×",
        "C++",
        "[draft]",
        "№5",
        "R²",
        "🙂",
        "naïve",
        "GPT-4:",
        "(v2)",
        "<script>",
        "%20",
        "\\frac{a}{b}",
        "étude",
        "und",
    ]
)
_SENTENCES = st.lists(_WORDS, min_size=3, max_size=14).map(lambda words: "We study " + " ".join(words) + " at scale.")
_STRANGE_TITLES = (
    "AI May 12", "98.1LGMay 12", "CLJul 31, 2024", "LG Jun 3, 2022 Code", "Code", "Code Llama", "50 Papers", "h-index 12",
    "Waymax", "Share", "Attention, Please", "What? Why! How.", "I am not a robot: CAPTCHA", "Ada Quill", "A", "et al.",
    "Sign in to continue", "3.5", "Novelty 55%", "404 Not Found", "Theorem 1. A proof.", "LG", "May 12",
)  # fmt: skip
_TITLES = (
    "AI May 12", "98.1LGMay 12", "CLJul 31, 2024", "LG Jun 3, 2022 Code", "Code", "Code Llama", "50 Papers", "h-index 12",
    "Waymax", "Share", "Attention, Please", "What? Why! How.", "I am not a robot: CAPTCHA", "Ada Quill", "A", "et al.",
    "Sign in to continue", "3.5", "Novelty 55%", "404 Not Found", "Theorem 1. A proof.", "LG", "May 12",
)  # fmt: skip
_STRANGE_LINES = (
    "LG Jun 3, 2022", "AIMay 12", "12 papers", "50 Papers", "Code", "CL", "1.", "Results: 98.1", "h-index 7",
    "We release code at https://example.org/x?a=1&b=2.",
)  # fmt: skip
_TITLES = st.one_of(
    st.lists(_WORDS, min_size=1, max_size=9).map(lambda words: "On " + " ".join(words)),
    st.sampled_from(_STRANGE_TITLES),
)
_NAMES = st.sampled_from(
    ["Ada Quill", "J. K. O'Neil", "李明", "Ludwig van der Berg", "María-José de la Cruz", "Gemma Team", "Cher", "Noah Q. Day Jr.",
     "Zoë d'Arcy", "Ángel Ñandú", "محمد علي", "Ο Νίκος", "ATLAS Collaboration", "Jean-Luc 't Hooft", "Marc Ferrand", "Lea Brothers"]
)  # fmt: skip
_INSTITUTIONS = st.sampled_from(["deepmind", "mila", "amazon-science", "ETH Zürich", "u-tokyo"])
_CATEGORIES = st.sampled_from(["LG", "CL", "AI", "MES-HALL", "RO", "cs.LG", "hep-th", "SOC-PH", "E2"])


@st.composite
def _paragraphs(draw: st.DrawFn) -> tuple[str, ...]:
    """None, or a first sentence and then anything, lines that look like other parts of the page included."""
    if draw(st.integers(0, 9)) == 0:
        return ()
    more = draw(st.lists(st.one_of(_SENTENCES, st.sampled_from(_STRANGE_LINES)), max_size=3))
    return (draw(_SENTENCES), *more, *([draw(_SENTENCES)] if more else []))


@st.composite
def papers(draw: st.DrawFn) -> ShownPaper:
    with_year = draw(st.booleans())
    day = draw(st.dates(date(2025, 11, 24), OBSERVED_ON) if not with_year else st.dates(date(2005, 1, 1), OBSERVED_ON))
    return shown_paper(
        draw(_TITLES),
        authors=tuple(draw(st.lists(_NAMES, min_size=1, max_size=3, unique=True))),
        cut=draw(st.booleans()),
        institutions=tuple(draw(st.lists(_INSTITUTIONS, max_size=2, unique=True))),
        category=draw(_CATEGORIES),
        published=Published(day.year, day.month, day.day),
        with_year=with_year,
        code=draw(st.booleans()),
        score=draw(st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)),
        paragraphs=draw(_paragraphs()),
    )


@st.composite
def profiles(draw: st.DrawFn) -> ShownProfile:
    shown = draw(st.lists(papers(), min_size=1, max_size=6))
    values: dict[str, int | float | None] = {
        "h_index": draw(st.none() | st.integers(0, 200)),
        "papers": draw(st.none() | st.just(len(shown)) | st.integers(len(shown), 900)),
        "citations": draw(st.none() | st.integers(0, 250_000)),
        "novelty": draw(st.none() | st.integers(0, 100).map(lambda percent: percent / 100)),
        "ai_score": draw(st.none() | st.integers(0, 100)),
    }
    return shown_profile(shown, name=draw(_NAMES), metrics=values)
