"""Crisis: the gate before everything, live danger, and how a crisis closes."""
