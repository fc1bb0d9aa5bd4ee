"""Evidence: what a person has kept, provable and sealed. No database in here."""
