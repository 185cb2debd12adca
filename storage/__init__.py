"""What is remembered: tables, migrations, the archive of raw pages, and the `Store` in front of them."""
