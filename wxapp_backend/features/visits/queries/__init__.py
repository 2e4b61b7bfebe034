"""Reads of visits and reviews."""
