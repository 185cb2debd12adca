"""Where pages of the past come from, each a `tracking.capture.Origin`.

- `pages`: files that somebody saved, dated by their names or by a manifest.
- `warc`: WARC and ARC files, gzipped or not, whole or damaged.
- `git`: one saved page under version control.
"""
