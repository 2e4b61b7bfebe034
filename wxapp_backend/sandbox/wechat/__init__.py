"""The server side of WeChat: one module for each family of calls."""
