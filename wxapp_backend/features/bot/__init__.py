"""The official account's conversation, and everything else that WeChat tells us."""
