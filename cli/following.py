"""``init`` and ``follow``: the beginning."""

from typing import Annotated

import typer

from cli.options import AsJson, Config
from cli.output import print_json, say


def init(
    config: Config = None,
    contact: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A mail address or URL by which a site can reach you; asked for when there is a terminal to ask at.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a commented scholarwatch.yaml to start from."""
    import sys

    from flows.settings import write_template

    if contact is None and not as_json and sys.stdin.isatty():
        question = "A mail address or URL by which a site can reach you (Enter: later)"
        contact = typer.prompt(question, default="", show_default=False, err=True) or None
    path = write_template(config, contact)
    if as_json:
        print_json({"config": str(path), "contact": contact})
    say(f"{path} is written.", as_json=as_json)
    if contact is None:
        say("Sites must be able to reach you: set user_agent under “fetch” in it.", as_json=as_json)
    say("Next: scholarwatch follow URL", as_json=as_json)


def follow(
    urls: Annotated[list[str], typer.Argument(metavar="URL…", help="Profile pages.")],
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The person's name: all pages are then of this one person.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="A tag; may be given more than once.")] = None,
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="The source, such as scholarfeed, where the URL does not tell.")
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Follow somebody: add profile pages to the configuration.

    Without --name each URL is a person of its own, whose name the first look at the page will tell.
    """
    from flows.as_json.views import followed_json
    from flows.settings import NewPerson, add_people

    pages = [tuple(urls)] if name else [(url,) for url in urls]
    entries = [NewPerson(urls=urls, source=source, name=name, tags=tuple(tag or ())) for urls in pages]
    for person in add_people(config, entries):
        if as_json:
            print_json(followed_json(person))
        for profile in person.profiles:
            say(f"Following {person.name or profile.url} ({profile.source} {profile.key}).", as_json=as_json)
    say("Next: scholarwatch run", as_json=as_json)
