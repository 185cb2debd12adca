"""The pure core: what a page says, which paper is which, what changed, and what to record about it.

Nothing here reads a clock, a file, a socket or a database. Values are frozen; functions are total over their
types; ``now`` is an argument.
"""
