"""What a person found out by checking; it changes the plan."""

OUTCOMES = ("lender_has_record", "lender_has_no_record", "court_has_case")
"""Topics of buttons and sentences, and facts of the case once they are told."""
