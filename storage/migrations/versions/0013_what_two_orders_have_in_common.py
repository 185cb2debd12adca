"""Nothing is left to do.

For a while 0011 was an index of events, and 0012 and 0013 were what 0011 and 0012 are now. A database that says 0013
was made in that order: it has all that is here, and the index, which 0014 drops.
"""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Both orders meet here."""
