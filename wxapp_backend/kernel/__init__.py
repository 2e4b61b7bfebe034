"""Pure building blocks: errors, events, ids, money, text. No library, no I/O."""
