"""Coupons: templates with stock, coupons of persons, rotating codes, redemption and its undo."""
