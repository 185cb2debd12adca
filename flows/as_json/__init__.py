"""Things as JSON, one form of each: what the command line prints with ``--json`` is what the API answers."""
