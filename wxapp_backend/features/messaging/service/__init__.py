"""Messaging: `planning` what is told, `sending` by which channel, `rights` who allowed it."""
