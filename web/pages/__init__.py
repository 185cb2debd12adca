"""One file for each page, and what a form on it does. A new page is a file with a ``router``, and a line here."""

from web.pages import (
    event,
    explain,
    follow,
    groups,
    login,
    outbox,
    people,
    person,
    person_papers,
    person_past,
    preferences,
    quarantine,
    rules,
    runs,
    silences,
    today,
)

PAGES = (
    today.router,
    people.router,
    groups.router,
    person.router,
    person_papers.router,
    person_past.router,
    event.router,
    quarantine.router,
    rules.router,
    explain.router,
    silences.router,
    outbox.router,
    runs.router,
    follow.router,
    preferences.router,
    login.router,
)
