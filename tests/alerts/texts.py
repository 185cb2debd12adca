"""Items in which a site has written whatever it liked."""

from hypothesis import strategies as st

from tests.alerts.examples import NOW, YESTERDAY
from tracking.event import EventKind

#: Much of what means something to a terminal, to HTML, to a mail, to a chat or to whoever reads from right to left.
hostile = (
    st.text(alphabet="ab1 —·:'\"&;<>/@#%=\\\x1b[]\x07\x9b\n\r\x00\u2028\u202e\u2066\u200b\ufffe\ud800א字é") | st.text()
)
_addresses = hostile | hostile.map("https://x.example/{}".format) | hostile.map("javascript:{}".format)
_values = st.none() | st.booleans() | st.integers() | st.floats() | hostile | st.lists(hostile, max_size=3)
_kinds = st.sampled_from([str(kind) for kind in EventKind])
_names = st.lists(hostile, min_size=1, max_size=3)

items = st.fixed_dictionaries(
    {
        "kind": _kinds,
        "told": _kinds.filter(lambda kind: kind != EventKind.PROFILE_CORRECTED),
        "told_at": st.just(YESTERDAY.isoformat()),
        "person": hostile,
        "title": hostile,
        "why": hostile,
        "before": _values,
        "after": _values,
        "observed_at": st.just(NOW.isoformat()),
    },
    optional={
        "people": _names,
        "events": _names,
        "authors": _names,
        "first_together": st.lists(st.lists(hostile, min_size=2, max_size=2), max_size=3),
        "profiles": st.lists(
            st.fixed_dictionaries({"person": hostile, "source": hostile, "url": _addresses}), max_size=3
        ),
        "url": _addresses,
        "profile_url": _addresses,
        "arxiv_id": hostile,
        "doi": hostile,
        "field": hostile | st.sampled_from(["has_code", "novelty", "version", "source"]),
        "category": hostile,
        "published": hostile,
        "source": hostile,
        "first_seen": st.just(YESTERDAY.isoformat()),
        "since": st.just(YESTERDAY.isoformat()),
    },
)
