from tests.world.reader import get
from world.demo import DAYS, demo_week


def test_the_week_goes_as_written() -> None:
    statuses = []
    with demo_week() as world:
        first, second, third, fourth, fifth = world.people
        for number in range(1, DAYS + 1):
            assert world.number_of_day == number
            statuses.append([get(url).status for url in world.urls.values()])
            if number < DAYS:
                world.advance()
        good_pages = {key: len(world.truth.metrics_shown(key)) for key in world.people}
        last_page = get(world.urls[fifth]).text
    assert statuses == [[200] * 5, [200] * 5, [200] * 5, [500] * 5, [200] * 5, [200] * 5, [200] * 5]
    told = [(paper.day.day - 15, paper.key) for paper in world.truth.new_papers()]
    assert told == [(2, first), (2, second), (5, third), (5, fifth), (6, first), (7, third)]
    assert [(paper.day.day - 15, paper.key) for paper in world.truth.late_papers()] == [(5, fourth)]
    assert len({paper.arxiv_id for paper in world.truth.new_papers()}) == 5
    assert good_pages == {first: 6, second: 6, third: 5, fourth: 6, fifth: 6}
    changes = [(c.day.day - 15, c.key, c.metric) for c in world.truth.metric_changes() if c.metric != "papers"]
    assert changes == [(3, fourth, "citations"), (6, first, "h_index"), (7, second, "citations")]
    assert "Long Memory" in last_page
    assert "Memroy" not in last_page
    assert all(len(world.site.profile(key).papers) >= 14 for key in world.people)


def test_every_week_is_the_same() -> None:
    weeks = [demo_week(), demo_week()]
    for week in weeks:
        for _ in range(DAYS - 1):
            week.advance()
    one, other = ([week.site.profile(key) for key in week.people] for week in weeks)
    assert one == other
