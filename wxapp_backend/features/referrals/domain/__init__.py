"""What holds for referrals, as pure values and functions."""
