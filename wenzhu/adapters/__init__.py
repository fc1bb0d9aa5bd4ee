"""The outside world behind small interfaces: clock, database, files."""
