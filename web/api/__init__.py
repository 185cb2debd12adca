"""What programs are answered under ``/api/v1``: JSON as the command line prints it, feeds, files; and what they may do.

One file for each resource; a new one is a file with a ``router``, and a line in `web.api.app`.
"""
