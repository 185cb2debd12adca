"""What feeds are called: their files, which stay where they are, and the authority for their ids.

people/ada-moreno-1f3a9c2e        a person, with a piece of the hash of a profile: another Ada Moreno has another file
tags/rl-7c0de1f0                  a tag or a rule, with a piece of the hash of its name: “RL” and “rl” are two
"""

import hashlib
import re
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

_MARK = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40
_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
#: What RFC 4151 lets stand in a tag; it knows fewer mail addresses than there are.
_AUTHORITY = re.compile(rf"([A-Za-z0-9._-]+@)?{_DOMAIN}")


def file_name(folder: Path, kind: str, name: str, key: str) -> str:
    """Without its suffix, of a feed of a kind that has this name now and this key for good.

    One that was written before keeps its name, whatever it is called now.
    """
    mark = hashlib.blake2b(key.encode(), digest_size=4).hexdigest()
    for written in sorted((folder / kind).glob(f"*-{mark}.json")):
        return f"{kind}/{written.stem}"
    return f"{kind}/{_slug(name) or 'feed'}-{mark}"


def authority_of(contact: str) -> str:
    """The authority that a mail address or a URL of the owner gives, lower case; empty where it gives none."""
    text = (urlsplit(contact).hostname or "") if "://" in contact else contact.strip()
    if not _AUTHORITY.fullmatch(text):
        text = text.rpartition("@")[2]
    return text.lower() if _AUTHORITY.fullmatch(text) else ""


def _slug(name: str) -> str:
    """``Zoë Müller`` → ``zoe-muller``; empty where no letter is a plain one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _MARK.sub("-", "".join(char for char in plain if not unicodedata.combining(char))).strip("-")[:_LONGEST_SLUG]
