"""Invented titles and abstracts: varied, believable, and meaning nothing.

Everything is drawn from the given random generator, so the same generator state gives the same text.
"""

from random import Random

from world.vocabulary import (
    AREAS,
    COINED_HEADS,
    COINED_TAILS,
    QUALITIES,
    SUBTITLES,
    VERBS_ING,
    Area,
)

_BY_CATEGORY = {area.category: area for area in AREAS}

_TITLES = (
    "{quality} {task} with {method}",
    "{coined}: {verb} {thing} for {task}",
    "{coined}: {quality} {task} under {setting}",
    "{verb} {thing} for {quality} {task}",
    "{verb} {thing} and {other} in {setting}",
    "when does {method} help {task}?",
    "do {thing} need {method}? evidence from {task}",
    "on the cost of {method} for {quality} {task}",
    "{method} meets {thing}: {quality} {task}",
    "{thing} & {other}: a {quality} comparison under {setting}",
    "from {thing} to {other}: {quality} {task}",
    "{quality} {thing} for {task} in {setting}",
    "what “{quality}” means for {task} with {thing}",
    "{task} with fewer than k < {number} {thing}",
    "beyond {method}: {verb} {thing} in {setting}",
    "{number} lessons from {verb} {thing} for {task}",
)

_SMALL_WORDS = frozenset(
    {"a", "and", "der", "does", "fewer", "for", "from", "help", "in", "k", "means", "meets", "need", "of"}
    | {"on", "than", "the", "to", "under", "with"}
)

_OPENINGS = (
    "Progress in {task} has come to lean on {thing}, although nobody is sure how they behave in {setting}.",
    "{Thing} are everywhere in {task}, and yet their failures are usually noticed only after the fact.",
    "We revisit {task}, a problem that many consider solved as long as {setting} can be ruled out.",
    "How much of the recent gain in {task} is owed to {method}, and how much to larger {thing}?",
    "This paper studies {thing} as they are met in practice: in {setting}, with little tuning, and in a hurry.",
    "Practitioners of {task} face a choice between {quality} {thing} and {other}; we argue that it is a false one.",
    "It is widely assumed that {method} needs clean inputs.",
    "We introduce {coined}, a {quality} approach to {task} that keeps {thing} unchanged.",
)

_MIDDLES = (
    "Earlier work treats {thing} and {other} apart; here they share one objective and one set of parameters.",
    "The main obstacle is {setting}, where {method} alone loses up to {percent}% of its advantage.",
    "Our method combines {method} with {method2}, and adds no more than {number} lines to a standard training loop.",
    "The key idea is to let {method} decide which {thing} deserve attention, and to ignore the rest.",
    "We prove that the error shrinks like 1/n as long as {thing} stay bounded; without that, it need not.",
    "A careful ablation shows that {method2} matters more than the size of the {thing}.",
    "On {number} public benchmarks for {task}, the relative gain is between {percent}% and {percent2}%.",
    "In a study with {people} participants, {quality} variants were preferred in {percent2} of 100 trials.",
    "Somewhat surprisingly, dropping {method} altogether costs less than one point (p < 0.05).",
    "The same recipe carries over to {task2} without any change to the hyperparameters.",
    "Training takes {number} hours on a single device, against several days for the strongest baseline.",
    "We trace the remaining errors to {other}, which are over-represented in the usual test sets.",
    "A simple diagnostic, the ratio of {thing} to {other}, predicts the outcome before training starts.",
    "Unlike {method2}, the procedure needs neither labels nor access to the original {thing}.",
    "The estimate stays {quality} even when {percent}% of the measurements are missing.",
    "To keep the comparison fair, all systems see the same data, in the same order, for the same number of steps.",
    "We also report {number} negative results, among them an attempt to replace {method} with {method2}.",
    "An analysis of {people} failure cases suggests that {setting} and {setting2} call for different remedies.",
    "Where the assumptions of {method} are violated, a fallback to {method2} recovers most of the loss.",
    "Results hold across three seeds & two implementations; variance between runs is below {number} points.",
)

_CLOSINGS = (
    "Taken together, the findings suggest that {task} is limited by {thing} rather than by {method}.",
    "We release code, checkpoints and the raw logs of all {people} runs.",
    "We close with advice for those who deploy {quality} {thing} in {setting}.",
    "The question whether {method} remains useful in {setting2} is left for future work.",
    "These results make {quality} {task} practical on modest hardware.",
    "We hope that this invites a closer look at what {thing} are really measuring.",
)

#: No sentence of the tables above gets longer than this, whatever is filled in.
LONGEST_SENTENCE = 240


def area_of(category: str) -> Area:
    """The area a category belongs to; a category that is not invented here is written about like "LG"."""
    return _BY_CATEGORY.get(category, AREAS[0])


def _fillings(draw: Random, area: Area) -> dict[str, str]:
    thing, other = draw.sample(area.things, 2)
    method, method2 = draw.sample(area.methods, 2)
    task, task2 = draw.sample(area.tasks, 2)
    setting, setting2 = draw.sample(area.settings, 2)
    return {
        "thing": thing,
        "Thing": thing[:1].upper() + thing[1:],
        "other": other,
        "method": method,
        "method2": method2,
        "task": task,
        "task2": task2,
        "setting": setting,
        "setting2": setting2,
        "quality": draw.choice(QUALITIES),
        "verb": draw.choice(VERBS_ING),
        "coined": draw.choice(COINED_HEADS) + draw.choice(COINED_TAILS),
        "number": str(draw.randint(3, 19)),
        "percent": str(draw.randint(2, 38)),
        "percent2": str(draw.randint(39, 92)),
        "people": str(draw.randint(24, 980)),
    }


def _headline(text: str) -> str:
    """Title case as papers have it: small words stay small, except at the beginning and after a colon."""
    words = text.split(" ")
    begins = [True] + [word.endswith((":", "?")) for word in words[:-1]]
    return " ".join(
        word if word in _SMALL_WORDS and not first else _capitalised(word)
        for word, first in zip(words, begins, strict=True)
    )


def _capitalised(word: str) -> str:
    return "-".join(
        part[:1].upper() + part[1:] if part[:1] != "“" else part[:1] + part[1:2].upper() + part[2:]
        for part in word.split("-")
    )


def title(draw: Random, category: str) -> str:
    """A title of four to sixteen words."""
    return _headline(draw.choice(_TITLES).format_map(_fillings(draw, area_of(category))))


def abstract(draw: Random, category: str, *, shortest: int = 400, longest: int = 1500) -> str:
    """An abstract of between ``shortest`` and ``longest`` characters.

    Raises ValueError when the two leave no room for a whole sentence.
    """
    if longest - shortest < LONGEST_SENTENCE:
        raise ValueError(f"between {shortest} and {longest} characters there is no room for a whole sentence")
    target = draw.randint(shortest, longest - LONGEST_SENTENCE)
    area = area_of(category)
    middles = draw.sample(_MIDDLES, len(_MIDDLES))
    closing = draw.choice(_CLOSINGS).format_map(_fillings(draw, area))
    sentences = [draw.choice(_OPENINGS).format_map(_fillings(draw, area))]
    length = len(sentences[0]) + 1 + len(closing)
    while length < target and middles:
        sentence = middles.pop().format_map(_fillings(draw, area))
        sentences.append(sentence)
        length += len(sentence) + 1
    return " ".join([*sentences, closing])


def with_subtitle(draw: Random, text: str) -> str:
    """The title with a subtitle put behind it."""
    return f"{text}: {draw.choice(SUBTITLES)}"


def sequel(text: str) -> str:
    """The title of a second part: "Patient Search" is followed by "Patient Search, Part II"."""
    first = text.removesuffix(", Part I")
    return f"{first} Part II" if first.endswith("?") else f"{first}, Part II"


def with_typo(draw: Random, text: str) -> str:
    """The title with two neighbouring letters of one long word changed round; unchanged if it has none."""
    spots = [
        index
        for index in range(1, len(text) - 2)
        if text[index - 1 : index + 3].isalpha() and text[index] != text[index + 1]
    ]
    if not spots:
        return text
    at = draw.choice(spots)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
