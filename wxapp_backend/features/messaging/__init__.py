"""What is told to whom, once per cause, by the best channel that reaches the person."""
