"""What Rasa loads by module path: NLU component, policy, stores, channels."""
