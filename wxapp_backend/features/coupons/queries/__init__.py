"""Reads of coupons and redemptions."""
