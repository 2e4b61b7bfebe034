"""What the sandbox remembers: people, tokens, codes, messages, faults and the clock."""
