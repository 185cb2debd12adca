"""Two people whose pages hold what no file may let act, and what is written in other scripts."""

from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, paper, watch
from tracking.event import EventKind
from tracking.reading import Published

TITLES = (
    '=HYPERLINK("http://127.0.0.1/","=1+1")',
    "+1 @ -2: a =formula=",
    "-1 degrees",
    "@all of you",
    "＝1+1",
    "\t=1+1",
    "<script>alert('{1}')</script>",
    "100% of {BERT} & x_1 ~ $y^2$ #1 | a\\b",
    "An unclosed { brace, and a closing } one }",
    '“Quotes” and "quotes", it\'s',
    "Über die Spezialität: Zoë’s Øre, naïve façades",
    "王小明的论文",
    "\x1b[31mred\x1b[0m and \u202ethgir ot tfel",
    "two\nlines\r\nof it",
)


def tell(store: Store) -> None:
    """A paper for each title on the page of Ada; Bo shows the first as well, and a retired person the second."""
    store.follow([followed("=Ada", "1", tags=("a;b", "+c")), followed("Bo", "2"), followed("Cleo", "3")], day(-1))
    papers = [
        paper(
            f"arxiv:{number}",
            title=title,
            authors=(title, "Bo Sample"),
            published=Published(2024, 3, number + 1),
            category="LG",
            score=-0.5,
            abstract=title,
            arxiv_id=f"2403.{number:05d}",
        )
        for number, title in enumerate(TITLES)
    ]
    of = watch(store)
    renamed = event(of, EventKind.PAPER_RETITLED, day(0), key="arxiv:0", field="title", before=TITLES[0], after="=2")
    listed = event(of, EventKind.PAPER_ENRICHED, day(0), key="arxiv:0", field="authors", before=None, after=["=a", "b"])
    fell = event(of, EventKind.METRIC_CHANGED, day(0), field="citations", before=7, after=-7)
    apply(
        store,
        accepted(of, day(0), papers, metrics={"citations": -7, "novelty": 0.55}, events=(renamed, listed, fell)),
        accepted(watch(store, "2"), day(0), papers[:1]),
        accepted(watch(store, "3"), day(0), [papers[1], paper("arxiv:only-cleo")]),
    )
    store.follow([followed("=Ada", "1", tags=("a;b", "+c")), followed("Bo", "2")], day(1))
