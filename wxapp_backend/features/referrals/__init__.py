"""Referrals: personal codes, shares, touches, and the life of a referral from touch to reward."""
