"""Many ways to put the same visible text into HTML, or into a text copy. Each takes a profile and gives a document."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

from tests.scrapers.made_up import ShownPaper, ShownProfile

Markup = Callable[[ShownProfile], str]
_Card = Callable[[ShownPaper], str]


def _tags(name: str, texts: tuple[str, ...] | list[str], between: str = "") -> str:
    return between.join(f"<{name}>{escape(text)}</{name}>" for text in texts)


def _joined(paper: ShownPaper, between: str = "\n\n") -> str:
    return escape(between.join(paper.paragraphs))


def _metrics_in_order(profile: ShownProfile, pair: str) -> list[str]:
    """Every metric as the real page orders label and value, ``pair`` around the two of them."""
    return [
        pair.format(*map(escape, (value, label) if value_first else (label, value)))
        for label, value, value_first in profile.metrics
    ]


def _document(
    profile: ShownProfile, metrics: str, cards: str, *, title_tag: str = "h1", heading_tag: str = "h2"
) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{escape(profile.name)} | Scholar Feed</title></head><body>"
        f"<{title_tag}>{escape(profile.name)}</{title_tag}><div>{profile.field}</div>{metrics}"
        f"<{heading_tag}>{profile.heading}</{heading_tag}>{cards}</body></html>"
    )


def articles(profile: ShownProfile) -> str:
    """Cards with badges in spans, blank lines in the abstract kept as source."""
    metrics = "<div>" + "".join(_metrics_in_order(profile, "<div><span>{}</span><span>{}</span></div>")) + "</div>"
    cards = "".join(
        f"<article><div>{_tags('span', paper.head)}</div><h3><a>{escape(paper.title)}</a></h3>"
        f"<p>{escape(paper.byline)}</p><p>{_joined(paper)}</p></article>"
        for paper in profile.papers
    )
    return _document(profile, metrics, f"<div>{cards}</div>")


def ordered_list(profile: ShownProfile) -> str:
    """Pretty-printed, phrase elements, labels before values, paragraphs parted by line breaks."""
    metrics = (
        "\n<ul>\n"
        + "".join(f"  <li>{label} <strong>{value}</strong></li>\n" for label, value, _ in profile.metrics)
        + "</ul>\n"
    )
    cards = "\n".join(
        f"  <li>\n    <p>\n      {_tags('b', paper.head, between=chr(10) + '      ')}\n    </p>\n    <h4>\n      {escape(paper.title)}\n    </h4>\n"
        f"    <p>{escape(paper.byline)}</p>\n    <blockquote>\n{'<br><br>'.join(map(escape, paper.paragraphs))}\n    </blockquote>\n  </li>"
        for paper in profile.papers
    )
    return _document(profile, metrics, f"\n<ol>\n{cards}\n</ol>\n")


def table_of_cells(profile: ShownProfile) -> str:
    """One row per paper, one cell per part; a row of labels over a row of values."""
    metrics = (
        f"<table><tr>{_tags('th', [label for label, _, _ in profile.metrics])}</tr>"
        f"<tr>{_tags('td', [value for _, value, _ in profile.metrics])}</tr></table>"
    )
    rows = "".join(
        f"<tr>{_tags('td', paper.head)}<td></td><td>{escape(paper.title)}</td><td>{escape(paper.byline)}</td><td>{_joined(paper)}</td></tr>"
        for paper in profile.papers
    )
    header = "<thead><tr><th>Category</th><th>Date</th><th>Title</th><th>Authors</th><th>Abstract</th></tr></thead>"
    return _document(profile, metrics, f"<table>{header}<tbody>{rows}</tbody></table>")


def table_of_rows(profile: ShownProfile) -> str:
    """Four rows per paper; every metric a row."""
    metrics = (
        "<table>"
        + "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value, _ in profile.metrics)
        + "</table>"
    )
    rows = "".join(
        f"<tr><td>{_tags('span', paper.head)}</td></tr><tr><td>{escape(paper.title)}</td></tr>"
        f"<tr><td>{escape(paper.byline)}</td></tr><tr><td>{''.join(f'<p>{escape(text)}</p>' for text in paper.paragraphs)}</td></tr>"
        for paper in profile.papers
    )
    return _document(profile, metrics, f"<table><tbody>{rows}</tbody></table>")


def definitions(profile: ShownProfile) -> str:
    """Flat definition lists."""
    metrics = "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value, _ in profile.metrics) + "</dl>"
    cards = "".join(
        f"<dt>{''.join(map(escape, paper.head))}</dt>{_tags('dd', [paper.title, paper.byline, *paper.paragraphs])}"
        for paper in profile.papers
    )
    return _document(profile, metrics, f"<dl>{cards}</dl>")


def labelled_definitions(profile: ShownProfile) -> str:
    """A definition list per paper, with the names of the parts."""
    metrics = "".join(f"<dl><dd>{value}</dd><dt>{label}</dt></dl>" for label, value, _ in profile.metrics)
    cards = "".join(
        f"<div><p>{escape(' · '.join(paper.head))}</p><dl><dt>Title</dt><dd>{escape(paper.title)}</dd><dt>Authors</dt><dd>{escape(paper.byline)}</dd>"
        f"<dt>Abstract</dt><dd>{_joined(paper)}</dd></dl></div>"
        for paper in profile.papers
    )
    return _document(profile, metrics, cards)


def flat_headings(profile: ShownProfile) -> str:
    """No cards: headings and paragraphs one after the other, values before labels."""
    metrics = "".join(f"<p>{value} {label}</p>" for label, value, _ in profile.metrics)
    cards = "".join(
        f"<p>{escape(paper.head[0])}{_tags('small', paper.head[1:])}</p><h3>{escape(paper.title)}</h3><p>{escape(paper.byline)}</p>"
        f"{''.join(f'<p>{escape(text)}</p>' for text in paper.paragraphs)}"
        for paper in profile.papers
    )
    return _document(profile, metrics, cards)


def spans_only(profile: ShownProfile) -> str:
    """Everything in a card is a span beside a span, no whitespace, no classes."""
    metrics = "<div>" + "".join(_metrics_in_order(profile, "<span><span>{}</span><span>{}</span></span>")) + "</div>"
    cards = "".join(
        f"<div>{_tags('span', paper.head)}<span>{escape(paper.title)}</span><span>{escape(paper.byline)}</span><span>{_joined(paper, ' ')}</span></div>"
        for paper in profile.papers
    )
    return _document(profile, metrics, cards, title_tag="div", heading_tag="div")


def one_paragraph(profile: ShownProfile) -> str:
    """The whole page is one paragraph with line breaks."""
    lines = [profile.name, profile.field, *_metrics_in_order(profile, "{} {}"), profile.heading]
    parts = [escape(line) for line in lines]
    for paper in profile.papers:
        parts += ["".join(f"<i>{escape(part)}</i>" for part in paper.head), escape(paper.title), escape(paper.byline)]
        parts += map(escape, paper.paragraphs)
    return f"<html><body><p>{'<br>'.join(parts)}</p></body></html>"


def nested_spans(profile: ShownProfile) -> str:
    """Every text sits in three elements, comments and whitespace between all of them."""

    def deep(text: str) -> str:
        return f"\n<!-- part --> <span class='x'><span>\n<span> {escape(text)} </span><!-- end --></span></span>\n"

    metrics = "".join(f"<div>{deep(label)}{deep(value)}</div>" for label, value, _ in profile.metrics)
    cards = "".join(
        f"<div><div>{''.join(map(deep, paper.head))}</div><div>{deep(paper.title)}</div><div>{deep(paper.byline)}</div>"
        f"<div>{''.join(map(deep, paper.paragraphs))}</div></div>"
        for paper in profile.papers
    )
    return _document(profile, metrics, cards)


def div_soup(profile: ShownProfile) -> str:
    """Only divs, one per part, minified."""
    metrics = "".join(_metrics_in_order(profile, "<div><div>{}</div><div>{}</div></div>"))
    cards = "".join(
        f"<div>{_tags('div', [*paper.head, paper.title, paper.byline, *paper.paragraphs])}</div>"
        for paper in profile.papers
    )
    return _document(profile, f"<div>{metrics}</div>", f"<div>{cards}</div>", title_tag="div", heading_tag="div")


def linked_cards(profile: ShownProfile) -> str:
    """The card is a link; authors are links with commas in the text; furniture stands all around."""
    metrics = "<p>" + " ".join(_metrics_in_order(profile, "<span>{} <b>{}</b></span>")) + "</p>"
    cards = "<hr><button>Save all</button>".join(
        f"<a class='card'><header>{_tags('time', paper.head, between=' | ')}</header><h2>{escape(paper.title)}</h2>"
        f"<p>{', '.join(f'<u>{escape(name)}</u>' for name in paper.authors)}{' et al.' if paper.cut else ''}"
        f"{' · ' + escape(', '.join(paper.institutions)) if paper.institutions else ''}</p>"
        f"<p>{_joined(paper)}</p><div><button>Save</button><button>Cite this paper</button></div></a>"
        for paper in profile.papers
    )
    return (
        "<!DOCTYPE html><html><body><nav><a>Papers</a> <a>Authors</a> <a>Sign in</a></nav>"
        "<header><div>Scholar Feed</div></header><main>"
        f"<div><h1>{escape(profile.name)}</h1><button>Follow</button></div><p>{profile.field}</p>{metrics}"
        f"<div><h2>{profile.heading}</h2><label>Sort by</label><select><option>Citations</option></select></div>"
        f"<section>{cards}</section><button>Load more</button></main>"
        "<footer>© 2026 Scholar Feed. <a>About</a></footer><div>We use cookies. <button>Accept</button></div>"
        "<script>var papers = '<p>LG Jun 3, 2022</p>';</script></body></html>"
    )


def authors_by_markup(profile: ShownProfile) -> str:
    """Names are items of a list, with no comma in the text."""
    metrics = (
        "<div>" + "".join(f"<span>{value}</span><span>{label}</span>" for label, value, _ in profile.metrics) + "</div>"
    )

    def names(paper: ShownPaper) -> str:
        items = [*paper.authors, *(["et al."] if paper.cut else [])]
        institutions = f"<li>· {escape(', '.join(paper.institutions))}</li>" if paper.institutions else ""
        return f"<ul>{_tags('li', items)}{institutions}</ul>"

    cards = "".join(
        f"<section><ul>{_tags('li', paper.head)}</ul><h3>{escape(paper.title)}</h3>{names(paper)}<p>{_joined(paper)}</p></section>"
        for paper in profile.papers
    )
    return _document(profile, metrics, cards)


def authors_in_spans(profile: ShownProfile) -> str:
    """Names are spans side by side, the institutions behind a dot of their own; summaries that fold."""
    metrics = "<p>" + "".join(_metrics_in_order(profile, "<span>{}{}</span>")) + "</p>"

    def names(paper: ShownPaper) -> str:
        dot = f"<span>·</span><span>{escape(', '.join(paper.institutions))}</span>" if paper.institutions else ""
        return f"{_tags('span', paper.authors)}{'<i>et al.</i>' if paper.cut else ''}{dot}"

    cards = "".join(
        f"<details><summary><span>{_tags('span', paper.head)}</span><div>{escape(paper.title)}</div></summary>"
        f"<div>{names(paper)}</div><div>{_joined(paper)}</div></details>"
        for paper in profile.papers
    )
    return _document(profile, metrics, cards)


def custom_elements(profile: ShownProfile) -> str:
    """Elements that HTML does not know, which browsers treat as inline."""
    metrics = "".join(_metrics_in_order(profile, "<x-metric><x-a>{}</x-a><x-b>{}</x-b></x-metric>"))
    cards = "".join(
        f"<div><x-head>{_tags('x-badge', paper.head)}</x-head><x-title>{escape(paper.title)}</x-title></div>"
        f"<div><x-by>{escape(paper.byline)}</x-by></div><div><x-text>{_joined(paper)}</x-text></div>"
        for paper in profile.papers
    )
    return (
        f"<html><body><x-name>{escape(profile.name)}</x-name><x-field>{profile.field}</x-field>{metrics}"
        f"<p>{profile.heading}</p>{cards}</body></html>"
    )


def no_blocks(profile: ShownProfile) -> str:
    """Not one block element: the whole page is one line, parted by elements only."""
    metrics = "".join(_metrics_in_order(profile, "<x-metric><x-a>{}</x-a><x-b>{}</x-b></x-metric>"))
    cards = "".join(
        f"<x-card>{_tags('x-badge', paper.head)}<x-title>{escape(paper.title)}</x-title><x-by>{escape(paper.byline)}</x-by>"
        f"<x-text>{_joined(paper)}</x-text></x-card>"
        for paper in profile.papers
    )
    return (
        f"<html><body><x-name>{escape(profile.name)}</x-name><x-field>{profile.field}</x-field>{metrics}"
        f"<x-heading>{profile.heading}</x-heading>{cards}</body></html>"
    )


def nested_tables(profile: ShownProfile) -> str:
    """As pages were made long ago: tables in tables, capitals, fonts."""
    metrics = "".join(f"<TD><B>{value}</B><BR>{label}</TD>" for label, value, _ in profile.metrics)
    cards = "".join(
        f"<TR><TD><TABLE><TR><TD>{_tags('FONT', paper.head)}</TD></TR><TR><TD><B>{escape(paper.title)}</B></TD></TR>"
        f"<TR><TD><I>{escape(paper.byline)}</I></TD></TR><TR><TD>{_joined(paper)}</TD></TR></TABLE></TD></TR>"
        for paper in profile.papers
    )
    return (
        f"<HTML><BODY><CENTER><FONT SIZE=5>{escape(profile.name)}</FONT><BR>{profile.field}</CENTER>"
        f"<TABLE><TR>{metrics}</TR></TABLE><B>{profile.heading}</B><TABLE>{cards}</TABLE></BODY></HTML>"
    )


def optional_tags_left_out(profile: ShownProfile) -> str:
    """No end tags where HTML needs none; the field stands in the heading."""
    metrics = "<ul>" + "".join(f"<li>{label}<b>{value}</b>" for label, value, _ in profile.metrics) + "</ul>"
    cards = "".join(
        f"<li><p>{_tags('span', paper.head)}<p>{escape(paper.title)}<p>{escape(paper.byline)}<p>{_joined(paper)}"
        for paper in profile.papers
    )
    return (
        f"<!doctype html><html><body><h1>{escape(profile.name)} <span>{profile.field}</span></h1>{metrics}"
        f"<h2>{profile.heading} <small>by rank</small></h2><ul>{cards}</ul>"
    )


def chips(profile: ShownProfile) -> str:
    """Columns in columns; authors and institutions are chips without commas."""
    metrics = "".join(f"<div><p>{value}</p><p>{label}</p></div>" for label, value, _ in profile.metrics)

    def byline(paper: ShownPaper) -> str:
        dot = f"<span>·</span>{_tags('span', paper.institutions)}" if paper.institutions else ""
        return f"{_tags('a', paper.authors)}{'<span>et al.</span>' if paper.cut else ''}{dot}"

    cards = "".join(
        f"<div><div><div>{_tags('div', paper.head)}</div><div><div>{escape(paper.title)}</div><div>{byline(paper)}</div></div>"
        f"</div><div><div>{_joined(paper)}</div></div><div><a>PDF</a><a>Share</a></div></div>"
        for paper in profile.papers
    )
    return _document(profile, f"<div>{metrics}</div>", f"<div>{cards}</div><div><a>Load more</a></div>")


def hidden_extras(profile: ShownProfile) -> str:
    """What nobody sees stands everywhere: text for screen readers, tooltips, templates, icons."""
    unseen = (
        '<span class="sr-only">LG Jun 3, 2022</span><span hidden>50 Papers</span><svg><title>Icon</title><text>9</text></svg>'
        "<template><p>h-index 1</p></template><noscript>Enable JavaScript</noscript><style>p{color:red}</style>"
    )
    metrics = "".join(
        f'<div title="{label} is 1">{unseen}{value}<span>{label}</span></div>' for label, value, _ in profile.metrics
    )
    cards = "".join(
        f"<article>{unseen}<p>{_tags('span', paper.head, between=unseen)}</p><h3>{unseen}{escape(paper.title)}</h3>"
        f'<p aria-label="by nobody">{escape(paper.byline)}{unseen}</p><p style="display: none">Hidden, et al.</p><p>{_joined(paper)}</p>{unseen}</article>'
        for paper in profile.papers
    )
    return _document(profile, metrics, cards)


def _lines(profile: ShownProfile, *, gap: str | None, between: str) -> list[str]:
    """The lines of a text copy, ``gap`` between its parts, ``between`` labels and values and the parts of a head."""
    metrics = [between.join((value, label) if first else (label, value)) for label, value, first in profile.metrics]
    lines = [profile.name, gap, profile.field, *metrics, gap, profile.heading, gap]
    for paper in profile.papers:
        lines += [between.join(paper.head), paper.title, gap, paper.byline, gap]
        for paragraph in paper.paragraphs:
            lines += [paragraph, gap]
    return [line for line in lines if line is not None]


def text_copy(profile: ShownProfile) -> str:
    """The text as it is when a page is selected and copied."""
    return "\n".join(_lines(profile, gap="", between=""))


def dense_text(profile: ShownProfile) -> str:
    """No blank lines, line ends of another system."""
    return "\r\n".join(_lines(profile, gap=None, between=""))


def scattered_text(profile: ShownProfile) -> str:
    """Labels and values, and the parts of a first line, on lines of their own."""
    return "\n".join(_lines(profile, gap="", between="\n"))


def ragged_text(profile: ShownProfile) -> str:
    """Blank lines inside abstracts only."""
    papers = [
        "\n".join(["".join(paper.head), paper.title, paper.byline, "\n\n".join(paper.paragraphs)])
        for paper in profile.papers
    ]
    return "\n".join([*_lines(replace(profile, papers=()), gap=None, between=" ")[:-1], profile.heading, *papers])


def preformatted(profile: ShownProfile) -> str:
    """A text copy in an HTML page."""
    return f"<html><body><pre>{escape(text_copy(profile))}</pre></body></html>"


HTML_MARKUPS: tuple[Markup, ...] = (
    articles,
    ordered_list,
    table_of_cells,
    table_of_rows,
    definitions,
    labelled_definitions,
    flat_headings,
    spans_only,
    one_paragraph,
    nested_spans,
    div_soup,
    linked_cards,
    authors_by_markup,
    authors_in_spans,
    custom_elements,
    hidden_extras,
    no_blocks,
    nested_tables,
    optional_tags_left_out,
    chips,
    preformatted,
)
TEXT_COPIES: tuple[Markup, ...] = (text_copy, dense_text, scattered_text, ragged_text)
