"""Adapters to everything outside the process; they know no feature."""
