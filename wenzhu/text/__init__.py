"""Plain text tools that know nothing of loans: folding, numerals, sounds."""
