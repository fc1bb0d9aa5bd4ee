"""The improvement loop: what was misunderstood, with consent, becomes a lesson."""
