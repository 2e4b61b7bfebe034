"""What changes campaigns: documents read and published, budgets reserved, caps counted."""
