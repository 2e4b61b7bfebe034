"""Points: a double-entry ledger of whole points, with one verifiable chain for each customer."""
