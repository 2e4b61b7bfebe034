"""The shop's places, who works in them, and how staff come in."""
