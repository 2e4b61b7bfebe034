"""Pushes to the backend: their encryption, their delivery and the check of what comes back."""
