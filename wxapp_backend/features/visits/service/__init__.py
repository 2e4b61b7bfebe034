"""Writes of visits; every function runs inside the caller's transaction."""
