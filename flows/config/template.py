"""The file that ``scholarwatch init`` writes. A line that begins with ``#`` and no space is an example: it holds once
the ``#`` is taken away."""

_EXAMPLE_FETCH = """\
#fetch:
#  user_agent: "My Lab (mailto:me@example.org)"
"""

TEMPLATE = f"""\
# Scholarwatch: who is followed, and who hears about what.
# Lines like "#rules:" are examples: take the "#" away and they hold. docs/configuration.md explains every key.

# Who is followed, by the URLs of their profile pages. `scholarwatch follow URL` adds one here.
people:
#  - https://www.scholarfeed.org/author/12345
#  - name: Ada Example
#    tags: [robots, lab]
#    profiles:
#      - https://www.scholarfeed.org/author/67890
#      - {{url: "http://127.0.0.1:8099/author/1", source: scholarfeed}}

# Who hears about which events: docs/rules.md. Without rules: new papers at once, metrics once a day, to every receiver.
#rules:
#  - name: reward papers with code
#    on: [paper.new]
#    where: {{category: [LG, CL], title: "reward|verifier", has_code: true}}
#    wait: 30d
#    notify: [log]
#    every: instant
#  - name: citations
#    on: [metric.changed]
#    where: {{metric: citations, delta: ">= 100"}}
#    cooldown: 24h
#    every: weekly

# What is otherwise for some people, by their tags; a person may have rules too.
#tags:
#  lab:
#    rules: [{{name: citations, where: {{delta: ">= 10"}}}}]

# Where messages go: by mail, to a webhook, to feeds, a file, the terminal, or any service that Apprise knows (Slack,
# Telegram and more); docs/receivers.md explains each. Without receivers: to the terminal. ${{NAME}} is taken from the
# environment, so that no password needs to stand here.
#receivers:
#  log: {{file: alerts.jsonl}}
#  screen: {{terminal: true}}
#  me:
#    mail: {{to: me@example.org, from: me@example.org, server: "smtp://me:${{MAIL_PASSWORD}}@mail.example.org"}}
#    timezone: Europe/Zurich
#    quiet: "22:00-07:00"

# Who asks for the pages, and how often. A site must be able to reach you: needed before the first profile is followed.
{_EXAMPLE_FETCH}\
#  min_interval_seconds: 5

# What is said of sources: `scholarwatch sources` lists them, docs/sources has a page about each.
#sources:
#  scholarfeed: {{hosts: [www.scholarfeed.org]}}
#  google_scholar: {{enabled: true}}

# How often everybody is checked: once a day where nothing is said.
#cadence: {{default: 24h, spread: 24h, tags: {{lab: 12h}}}}

# When you are told that nothing runs any more, or that somebody's page is not read; and a service that notices silence.
#watch: {{no_run_hours: 36, stale_cadences: 3, heartbeat: "https://hc-ping.com/your-own-id"}}

# For how long raw pages are kept: for ever where nothing is said.
#retention: {{pages: 365d}}

# Where everything is kept: a file beside this one, or postgresql+psycopg://user@host/name.
#database: scholarwatch.db
"""


def template(user_agent: str | None = None) -> str:
    """The file as ``init`` writes it; with a user agent, which must be plain ASCII, its section ``fetch`` holds."""
    if user_agent is None:
        return TEMPLATE
    quoted = user_agent.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return TEMPLATE.replace(_EXAMPLE_FETCH, f'fetch:\n  user_agent: "{quoted}"\n')
