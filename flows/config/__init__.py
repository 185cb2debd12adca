"""The file ``scholarwatch.yaml``: read, checked section by section, described to editors, added to.

`flows.settings` is the door; nothing here reads the environment by itself.
"""
