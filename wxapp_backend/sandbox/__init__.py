"""The offline WeChat: its server API, its callbacks and people's phones, in one small program.

It stands alone: it imports nothing of the backend and the backend imports nothing of it. The two
meet over HTTP, as the backend and WeChat do. State is in memory and gone when it stops.
"""
