"""Long storms of faults; `make faults` runs them."""
