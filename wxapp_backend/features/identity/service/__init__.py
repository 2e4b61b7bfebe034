"""Changes to people and their credentials."""
