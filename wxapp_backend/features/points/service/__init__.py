"""Writes to the points ledger; every function runs inside the caller's transaction."""
