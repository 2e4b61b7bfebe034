"""Asking our own callback address the way WeChat's console does when it is saved."""

from __future__ import annotations

from collections.abc import Mapping

import requests

_TIMEOUT = (3.0, 5.0)
_MAX_CHARACTERS = 200


def fetch_echo(url: str, query: Mapping[str, str]) -> str | None:
    """Return what the address answers to a signed GET, or None if it does not answer 200."""
    try:
        answer = requests.get(url, params=query, timeout=_TIMEOUT, allow_redirects=False)
    except requests.RequestException:
        return None
    return answer.text[:_MAX_CHARACTERS] if answer.status_code == requests.codes.ok else None
