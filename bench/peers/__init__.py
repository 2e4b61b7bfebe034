"""The same poster drawn by other engines, for `python -m bench.peers.run`."""
