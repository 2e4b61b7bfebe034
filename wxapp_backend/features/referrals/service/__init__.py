"""What changes referrals, from the first touch to their end."""
