"""The library underneath is the one that the adapter was made for."""

from importlib.metadata import version

from wechatpy.client import WeChatClient  # type: ignore[import-untyped]  # ships no types
from wechatpy.crypto import PrpCrypto  # type: ignore[import-untyped]  # same


def test_library_is_the_tried_release() -> None:
    """The last stable release lacks what is used, and a resolver would prefer it."""
    assert version("wechatpy") == "2.0.0a26"


def test_places_that_the_adapter_replaces_exist() -> None:
    """Token property, session and random part are still where they are overridden."""
    client = WeChatClient("wx1", "", auto_retry=False)
    client._http.close()  # noqa: SLF001  # this is the attribute in question

    assert isinstance(WeChatClient.access_token, property)
    assert len(PrpCrypto(b"k" * 32).get_random_string()) == 16
