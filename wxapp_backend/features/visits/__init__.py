"""Visits: paid orders of customers, numbered; refunds; reviews with WeChat's content check."""
