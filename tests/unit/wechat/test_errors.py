"""Errors carry what a policy needs and nothing that must stay secret."""

import pickle

import pytest

from wxapp_backend.infra.wechat import errors
from wxapp_backend.infra.wechat.errors import (
    BadCode,
    BadInput,
    NotConfigured,
    NotVisitedLately,
    OutcomeUnknown,
    PersonBlocked,
    RateLimited,
    TokenRejected,
    Unavailable,
    UnknownPerson,
    UserRefused,
    WeChatError,
    error_for,
)
from wxapp_backend.infra.wechat.masking import scrub

FLAGS = ("retryable", "final_for_person", "needs_operator", "outcome_unknown")


@pytest.mark.parametrize(
    ("kind", "flag"),
    [
        (Unavailable, "retryable"),
        (TokenRejected, "retryable"),
        (RateLimited, "retryable"),
        (UserRefused, "final_for_person"),
        (UnknownPerson, "final_for_person"),
        (PersonBlocked, "final_for_person"),
        (NotConfigured, "needs_operator"),
        (OutcomeUnknown, "outcome_unknown"),
        (BadInput, None),
        (BadCode, None),
        (NotVisitedLately, None),
        (WeChatError, None),
    ],
)
def test_each_error_calls_for_one_reaction(kind: type[WeChatError], flag: str | None) -> None:
    """No error asks for two reactions at once; those without one are simply dead."""
    problem = kind(1, "text")

    assert [name for name in FLAGS if getattr(problem, name)] == ([flag] if flag else [])


def test_every_error_class_is_covered_by_the_reactions() -> None:
    """A new class cannot slip in without a decision."""
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, WeChatError)
    }

    assert len(kinds) == 12


@pytest.mark.parametrize(("code", "seconds"), [(45011, 60), (45009, 3600), (43108, 5), (None, 60)])
def test_quota_says_how_long_to_wait(code: int | None, seconds: int) -> None:
    """A minute's quota, a day's, and one busy person."""
    assert RateLimited(code, "x").wait_seconds == seconds
    assert Unavailable(-1, "x").wait_seconds == 0


def test_errors_pickle_whole() -> None:
    """A worker's error reaches another process as it is."""
    problem = error_for(43101, "user refuse", "cgi-bin/x", "1-2-3")

    again = pickle.loads(pickle.dumps(problem))  # noqa: S301  # our own bytes

    assert type(again) is UserRefused
    assert (again.code, again.message, again.path, again.rid) == (
        43101,
        "user refuse",
        "cgi-bin/x",
        "1-2-3",
    )
    assert str(again) == "cgi-bin/x: 43101 user refuse (rid 1-2-3)"


@pytest.mark.parametrize(
    "text",
    [
        "https://api.weixin.qq.com/sns/jscode2session?appid=wx1&secret=HIDDEN&js_code=HIDDEN",
        "GET /x?access_token=HIDDEN HTTP/1.1",
        '{"session_key": "HIDDEN", "openid":"HIDDEN"}',
        "{'access_token': 'HIDDEN'}",
        "invalid openid hint oFanHIDDEN000000000000001aab",
        "token 71_HIDDEN" + "a" * 100,
        "a" * 40 + "HIDDEN",
    ],
)
def test_scrubbing_takes_out_what_must_stay_secret(text: str) -> None:
    """Named parameters, long words and their like disappear."""
    assert "HIDDEN" not in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "invalid ip 112.6.196.165 ipv6 ::ffff:112.6.196.165, not in whitelist",
        "argument invalid! data.thing3.value invalid",
        "user refuse to accept the msg rid: 6734a0bc-12345678-0abcdef1",
    ],
)
def test_scrubbing_leaves_what_an_operator_needs(text: str) -> None:
    """Addresses, field names and request ids stay."""
    assert scrub(text) == text


def test_scrubbed_text_is_one_short_line() -> None:
    """A web page in an error does not flood the log."""
    assert scrub("a\nb\x00c") == "a b c"
    assert len(scrub("word " * 5000)) <= 300
