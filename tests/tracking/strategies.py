"""Hypothesis strategies: papers that differ as real ones do, readings, and pages damaged on their way."""

import random
import unicodedata
from dataclasses import replace

from hypothesis import strategies as st

from tests.tracking.builders import reading
from tracking.reading import PaperReading, ProfileReading, Published

_WORDS = [
    "glacier",
    "enzyme",
    "lattice",
    "market",
    "galaxy",
    "neuron",
    "river",
    "syntax",
    "proof",
    "circuit",
    "bee",
    "coast",
    "alloy",
    "market",
    "language",
    "vision",
    "policy",
    "reward",
    "plasma",
    "genome",
    "orbit",
    "ledger",
    "signal",
    "border",
    "harvest",
    "tunnel",
    "mirror",
    "garden",
    "forest",
    "storm",
    "engine",
    "bridge",
]
_NAMES = [
    "Example",
    "Sample",
    "Muster",
    "Tester",
    "Placeholder",
    "Specimen",
    "Nomen",
    "Doe",
    "Exemplo",
    "Ejemplo",
    "Beispiel",
    "Foglio",
]


@st.composite
def papers(draw: st.DrawFn) -> PaperReading:
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=4, max_size=8, unique=True))
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True))
    seed = draw(st.integers(0, 10**6))
    return PaperReading(
        title=" ".join(words).capitalize(),
        authors=tuple(f"A. {name}" for name in names),
        authors_complete=draw(st.booleans()),
        institutions=tuple(draw(st.lists(st.sampled_from(["mila", "eth"]), max_size=2, unique=True))),
        category=draw(st.sampled_from(["LG", "CL", "MES-HALL", None])),
        published=Published(draw(st.integers(2015, 2026)), draw(st.integers(1, 12)), draw(st.integers(1, 28))),
        has_code=draw(st.booleans()),
        score=draw(st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)),
        abstract=abstract(seed),
        arxiv_id=draw(st.none() | st.just(f"{seed:010d}"[:4] + f".{seed:05d}")),
        citations=draw(st.none() | st.integers(0, 500)),
    )


def abstract(seed: int) -> str:
    """Three sentences that no other seed has."""
    chance = random.Random(seed)
    return ". ".join(" ".join(chance.choices(_WORDS, k=12)).capitalize() for _ in range(3)) + "."


metrics = st.dictionaries(
    st.sampled_from(["h_index", "papers", "citations", "ai_score"]), st.none() | st.integers(0, 20_000)
)


@st.composite
def readings(draw: st.DrawFn, *, min_papers: int = 0, lookalikes: bool = True) -> ProfileReading:
    """No two papers have one arXiv id: which of them that names is a matter of order.

    Without ``lookalikes`` no two papers share the words of a title, an abstract or a day: what is damaged beyond one of these can not be told from a paper that shares the others, by anybody.
    """
    distinct = (lambda paper: paper.title, lambda paper: paper.arxiv_id or paper.title)
    if not lookalikes:
        distinct = (
            lambda paper: frozenset(paper.title.casefold().split()),
            lambda paper: paper.abstract,
            lambda paper: paper.published,
            lambda paper: paper.arxiv_id or paper.title,
        )
    shown = draw(st.lists(papers(), min_size=min_papers, max_size=10, unique_by=distinct))
    return reading(
        shown,
        complete=draw(st.booleans()),
        name=draw(st.sampled_from(["Ada Example", "Ada B. Example"])),
        metrics=draw(metrics),
    )


#: What happens to texts on their way: the letters that a wrong charset, a bad proxy or a cut leave behind.
_DAMAGES = ("drop", "replace", "swap", "cut", "accent", "spaces", "case", "mojibake", "entity")


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """The text after one kind of damage to at most a tenth of its letters, or to its last third."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    kind = draw(st.sampled_from(_DAMAGES))
    letters = list(text)
    hits = chance.sample(range(len(letters)), max(1, len(letters) // 10))
    match kind:
        case "drop":
            return "".join(letter for place, letter in enumerate(letters) if place not in hits) or text
        case "replace":
            return "".join("\ufffd" if place in hits else letter for place, letter in enumerate(letters))
        case "swap":
            for place in hits[:1]:
                letters[place - 1 : place + 1] = reversed(letters[place - 1 : place + 1])
            return "".join(letters)
        case "cut":
            return text[: max(25, len(text) * 2 // 3)]
        case "accent":
            return unicodedata.normalize("NFD", text.replace("e", "é"))
        case "spaces":
            return text.replace(" ", " \u00a0 ")
        case "case":
            return text.upper()
        case "entity":
            return text.replace(" ", "&nbsp;", 1)
    return text.replace("a", "Ã¤", 1)


@st.composite
def damaged_readings(draw: st.DrawFn, read: ProfileReading) -> ProfileReading:
    """The page with the texts of any of its papers damaged: titles, authors and abstracts."""
    shown = []
    for paper in read.papers:
        if draw(st.booleans()):
            paper = replace(paper, title=draw(damaged(paper.title)))
        if draw(st.booleans()):
            paper = replace(paper, authors=tuple(draw(damaged(name)) for name in paper.authors))
        if paper.abstract and draw(st.booleans()):
            paper = replace(paper, abstract=draw(damaged(paper.abstract)))
        if draw(st.booleans()):
            paper = replace(paper, arxiv_id=None)
        shown.append(paper)
    return replace(read, papers=tuple(draw(st.permutations(shown))))
