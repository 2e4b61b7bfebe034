"""What changes rewards: decisions, waiting, taking back before it was given, costs."""
