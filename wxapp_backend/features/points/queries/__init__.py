"""Reads of the points ledger."""
