"""A long ordinary life of a source, with all that people do and a page that is torn now and then: no alarm."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from tracking.check import Watch
from tracking.reading import PaperReading, ProfileReading, Published
from tracking.redesign import RUNS, redesign
from tracking.shape import SourceShape
from world.profile import Profile
from world.simulation import World

_RUNS = 200
#: Of the pages of a run, so many list no paper by mistake.
_EMPTY = 0.03


def _read(profile: Profile) -> ProfileReading:
    papers = tuple(
        PaperReading(
            title=paper.title,
            authors=paper.authors[: profile.authors_shown],
            institutions=paper.institutions,
            category=paper.category,
            published=Published(paper.published.year, paper.published.month, paper.published.day),
            has_code=paper.has_code,
            score=paper.score,
            abstract=paper.abstract,
            arxiv_id=paper.arxiv_id if paper.linked else None,
            version=paper.version if paper.linked else None,
        )
        for paper in profile.papers
    )
    return ProfileReading(
        source="feed", name=profile.name, field=profile.field, metrics=dict(profile.metrics), papers=papers
    )


def _told(world: World, draw: Random, profiles: int) -> Iterator[str]:
    """What is told of so many runs, one a day."""
    shown = {key: world.site.profile(key) for key in world.people}
    recent: list[SourceShape] = []
    for _ in range(_RUNS):
        world.advance()
        shape = SourceShape()
        for number, key in enumerate(world.people, start=1):
            before, now = shown[key], world.site.profile(key)
            if now == before:
                continue
            of = Watch(profile_id=number, revision=1, person_id=number, person=key, source="feed", key=key, url=key)
            if draw.random() < _EMPTY:
                shape.count(of, _read(before), replace(_read(now), papers=()))
                continue
            shape.count(of, _read(before), _read(now))
            shown[key] = now
        judged = redesign("feed", shape, recent, profiles)
        recent = [replace(shape, told=judged.told, ended=judged.ended, lasting=judged.lasting), *recent][:RUNS]
        if judged.drift is not None:
            yield judged.drift.detail


@pytest.mark.parametrize("profiles", [1, 3, *(pytest.param(number, marks=pytest.mark.slow) for number in (2, 12))])
def test_no_false_alarm(profiles: int) -> None:
    assert list(_told(World(profiles, researchers=profiles), Random(profiles), profiles)) == []
