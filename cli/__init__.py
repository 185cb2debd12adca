"""The command line: calls flows, storage and the parsers, and holds no logic of its own."""
