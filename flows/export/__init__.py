"""What the store holds, as files for other programs: CSV, JSON Lines, Parquet and BibTeX."""
