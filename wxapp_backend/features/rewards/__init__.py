"""Rewards: decisions with their facts and reasons, and the grants that follow from them."""
