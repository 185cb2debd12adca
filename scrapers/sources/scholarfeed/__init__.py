"""Scholar Feed (scholarfeed.org)."""
