"""Campaigns: documents and their versions, the pure evaluator, budgets, caps, and the guard."""
