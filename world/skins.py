"""The markups of a profile page. A skin gets finished, escaped texts and puts elements around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """The texts of one paper, escaped."""

    #: Score (if any), category, date, code badge (if any).
    head: Sequence[str]
    has_score: bool
    title: str
    #: Where the title leads; None: it is not a link.
    link: str | None
    byline: str
    abstract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The pieces of one profile page."""

    name: str
    field: str
    #: Label and value.
    metrics: Sequence[tuple[str, str]]
    heading: str
    #: One piece of markup per paper, made by the same skin.
    cards: Sequence[str]


@dataclass(frozen=True, slots=True)
class Markup:
    """One skin: how a card is made, and how the page is put together."""

    card: Callable[[CardText], str]
    page: Callable[[Parts], str]


def _linked(card: CardText, classes: str = "") -> str:
    if card.link is None:
        return card.title
    attribute = f' class="{classes}"' if classes else ""
    return f'<a{attribute} href="{card.link}">{card.title}</a>'


_ICON = (
    '<svg class="h-4 w-4 shrink-0" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2">'
    '<path d="M12 20h9"></path><path d="M16.5 3.5a2.12 2.12 0 0 1 3 3L7 19l-4 1 1-4Z"></path></svg>'
)
_BADGE = "inline-flex items-center rounded-full border px-2.5 py-0.5 text-xs font-semibold transition-colors"


def _article_card(card: CardText) -> str:
    tones = ["bg-amber-100 text-amber-900"] if card.has_score else []
    tones += ["bg-sky-100 text-sky-900", "text-muted-foreground", "bg-emerald-100 text-emerald-900"]
    badges = "".join(
        f'<span class="{_BADGE} {tone}">{part}</span>' for tone, part in zip(tones, card.head, strict=False)
    )
    return (
        '<article class="group relative flex flex-col gap-3 rounded-lg border bg-card p-5 shadow-sm '
        'hover:shadow-md"><div class="flex flex-wrap items-center gap-2">'
        f"{badges}</div>"
        '<h3 class="text-lg font-semibold leading-snug tracking-tight text-balance">'
        f"{_linked(card, 'hover:underline focus-visible:outline-none focus-visible:ring-2')}</h3>"
        f'<p class="text-sm text-muted-foreground line-clamp-1">{card.byline}</p>'
        f'<p class="text-sm leading-relaxed text-foreground/80">{card.abstract}</p>'
        '<div class="flex items-center gap-1 pt-1" aria-hidden="true">'
        f'<button type="button" class="h-8 w-8 rounded-md p-0">{_ICON}</button>'
        f'<button type="button" class="h-8 w-8 rounded-md p-0">{_ICON}</button></div></article>'
    )


def _article_page(parts: Parts) -> str:
    metrics = "".join(
        '<div class="rounded-md border px-3 py-2">'
        + (
            f'<span class="font-bold">{value}</span><span class="text-muted-foreground">{label}</span></div>'
            if label in ("papers", "citations")
            else f'<span class="text-muted-foreground">{label}</span><span class="font-bold">{value}</span></div>'
        )
        for label, value in parts.metrics
    )
    return (
        '<section class="mb-8"><h1 class="text-3xl font-bold">'
        f'{parts.name}</h1><div class="mt-2 flex gap-2"><span class="{_BADGE}">{parts.field}</span></div>'
        f'<div class="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-5">{metrics}</div></section>'
        f'<section><h2 class="mb-4 text-xl font-semibold">{parts.heading}</h2>'
        f'<div class="grid gap-4">{"".join(parts.cards)}</div></section>'
    )


def _list_card(card: CardText) -> str:
    head = " ".join(f"<b>{part}</b>" for part in card.head)
    return (
        f'\n  <li>\n    <p class="meta">{head}</p>\n    <h4>{_linked(card)}</h4>\n'
        f'    <p class="by">{card.byline}</p>\n    <blockquote>{card.abstract}</blockquote>\n  </li>'
    )


def _list_page(parts: Parts) -> str:
    metrics = "".join(f"\n  <li>{label} <strong>{value}</strong></li>" for label, value in parts.metrics)
    return (
        f"<header>\n<h1>{parts.name}</h1>\n<p>{parts.field}</p>\n<ul>{metrics}\n</ul>\n</header>\n"
        f"<h2>{parts.heading}</h2>\n<ol>{''.join(parts.cards)}\n</ol>"
    )


def _table_card(card: CardText) -> str:
    head = "".join(f"<span>{part}</span>" for part in card.head)
    return (
        f'<tr><td class="meta">{head}</td></tr><tr><td>{_linked(card)}</td></tr>'
        f"<tr><td>{card.byline}</td></tr><tr><td>{card.abstract}</td></tr>"
    )


def _table_page(parts: Parts) -> str:
    metrics = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in parts.metrics)
    return (
        f"<h1>{parts.name}</h1><div>{parts.field}</div><table><tbody>{metrics}</tbody></table>"
        f"<h2>{parts.heading}</h2><table><tbody>{''.join(parts.cards)}</tbody></table>"
    )


def _definition_card(card: CardText) -> str:
    head = " ".join(f"<em>{part}</em>" for part in card.head)
    return f"<dt>{head}</dt><dd><strong>{_linked(card)}</strong></dd><dd>{card.byline}</dd><dd>{card.abstract}</dd>"


def _definition_page(parts: Parts) -> str:
    metrics = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in parts.metrics)
    return (
        f"<h1>{parts.name}</h1><p>{parts.field}</p><dl>{metrics}</dl>"
        f"<h2>{parts.heading}</h2><dl>{''.join(parts.cards)}</dl>"
    )


articles = Markup(_article_card, _article_page)
ordered_list = Markup(_list_card, _list_page)
table = Markup(_table_card, _table_page)
definitions = Markup(_definition_card, _definition_page)
