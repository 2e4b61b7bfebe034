"""WeChat behind our own words: calls out, callbacks in, message values."""
