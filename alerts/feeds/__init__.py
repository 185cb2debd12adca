"""Feeds: files that feed readers ask for, as Atom and as JSON Feed.

message → entries → the feeds that each belongs to → Folder.add → all.json, all.atom, people/ada-moreno-1f3a9c2e.json, …

A JSON file is also what is known of its feed: of an entry that is in it already there is no second one.
"""
