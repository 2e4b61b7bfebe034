"""What a campaign promises and when it holds: pure values and functions, no clock, no I/O."""
