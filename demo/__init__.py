"""The shop on a laptop: starts everything, plays the one story through HTTP, keeps serving."""
