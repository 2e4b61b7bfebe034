"""Writes of coupons; every function runs inside the caller's transaction."""
