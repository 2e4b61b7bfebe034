"""Rules of coupons that need no database: what they are worth, and their rotating codes."""
