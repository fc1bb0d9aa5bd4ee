"""What a person's sentence means: intent, loan state, fears, role, topic."""
