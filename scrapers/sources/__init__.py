"""Sites that show profiles, one file or folder each; `scrapers.registry` lists them."""
