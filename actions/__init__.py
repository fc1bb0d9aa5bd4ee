"""Custom actions: read the tracker, ask wenzhu, choose a response. No wording."""
