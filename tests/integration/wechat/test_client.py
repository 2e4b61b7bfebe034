"""Every call to WeChat ends in an answer or in one of our errors, soon, and betrays nothing."""

import gzip
import logging
import pickle
import socket
import traceback

import pytest
import requests

from tests.integration.wechat.conftest import ACCOUNT, SECRET
from tests.integration.wechat.server import TOKEN_PATH, Answer, Asked, WeChatServer, answer
from wxapp_backend.infra.wechat.client import ApiClient
from wxapp_backend.infra.wechat.errors import (
    BadInput,
    NotConfigured,
    OutcomeUnknown,
    RateLimited,
    TokenRejected,
    Unavailable,
    UserRefused,
    WeChatError,
)
from wxapp_backend.infra.wechat.tokens import Account
from wxapp_backend.infra.wechat.transport import Session

READ = "cgi-bin/user/info"
SEND = "cgi-bin/message/template/send"
OPENID = "oFan0000000000000000000001aa"


def test_call_carries_token_and_readable_chinese(wechat: WeChatServer, api: ApiClient) -> None:
    """JSON goes out as UTF-8, absent values are left out, the token is a parameter."""
    found = api.call(SEND, {"touser": OPENID, "text": "你好", "url": None})

    (asked,) = wechat.calls("/" + SEND)
    assert found == {"errcode": 0, "errmsg": "ok"}
    assert asked.query == {"access_token": wechat.token}
    assert "你好".encode() in asked.body
    assert asked.json == {"touser": OPENID, "text": "你好"}
    assert asked.content_type == "application/json"


def test_connection_is_kept_alive(wechat: WeChatServer, api: ApiClient) -> None:
    """Token and calls share one connection."""
    for _ in range(3):
        api.read(READ)

    assert len({asked.connection for asked in wechat.asked}) == 1


@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
def test_rejected_token_is_renewed_and_the_call_sent_once_more(
    wechat: WeChatServer, api: ApiClient, code: int
) -> None:
    """The second attempt carries another token."""
    wechat.queue("/" + SEND, answer(errcode=code, errmsg="invalid credential"))

    api.call(SEND, {"touser": OPENID})

    first, second = wechat.calls("/" + SEND)
    assert first.query != second.query
    assert first.body == second.body


def test_server_that_always_rejects_costs_two_calls(wechat: WeChatServer, api: ApiClient) -> None:
    """Then the error is ours; the next caller costs one call and no force."""
    wechat.script("/" + SEND, answer(errcode=40001, errmsg="invalid credential"))

    for calls, tokens in ((2, 3), (3, 4)):
        with pytest.raises(TokenRejected) as caught:
            api.call(SEND, {"touser": OPENID})
        assert len(wechat.calls("/" + SEND)) == calls
        assert len(wechat.calls(TOKEN_PATH)) == tokens
        assert caught.value.retryable
    assert wechat.forced == 1


def test_upload_is_whole_also_the_second_time(wechat: WeChatServer, api: ApiClient) -> None:
    """After a renewed token all bytes go again."""
    wechat.queue("/cgi-bin/media/upload", answer(errcode=40001, errmsg="invalid credential"))

    api.upload("cgi-bin/media/upload", "a.jpg", b"\xff\xd8" * 3000, "image/jpeg", type="image")

    first, second = wechat.calls("/cgi-bin/media/upload")
    assert second.query["type"] == "image"
    for asked in (first, second):
        assert b"\xff\xd8" * 3000 in asked.body
        assert b'name="media"; filename="a.jpg"' in asked.body
        assert asked.content_type.startswith("multipart/form-data")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, Unavailable),
        (43101, UserRefused),
        (43004, UserRefused),
        (45015, UserRefused),
        (45047, UserRefused),
        (43019, UserRefused),
        (48002, UserRefused),
        (45009, RateLimited),
        (45011, RateLimited),
        (47003, BadInput),
        (48001, NotConfigured),
        (40037, NotConfigured),
        (99999, WeChatError),
    ],
)
def test_codes_have_their_errors(
    wechat: WeChatServer, api: ApiClient, code: int, kind: type[WeChatError]
) -> None:
    """The class says what to do; code, path and rid are kept, the rid out of the text."""
    wechat.script(
        "/" + SEND, answer(errcode=code, errmsg="some text rid: 6734a0bc-12345678-0abcdef1")
    )

    with pytest.raises(WeChatError) as caught:
        api.call(SEND, {})

    problem = caught.value
    assert type(problem) is kind
    assert (problem.code, problem.message) == (code, "some text")
    assert (problem.path, problem.rid) == (SEND, "6734a0bc-12345678-0abcdef1")


@pytest.mark.parametrize(
    "given",
    [
        Answer(b""),
        Answer(b"<html>busy</html>"),
        Answer(b"x" * 1024 * 1024),
        Answer(b'{"a":"' + b"x" * 1024 * 1024 + b'"}'),
        Answer(gzip.compress(b"x" * 50_000_000, mtime=0), headers={"Content-Encoding": "gzip"}),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
        Answer(b"[1]"),
        Answer(b'"text"'),
        Answer(b"null"),
        Answer(b"[" * 100_000),
        Answer(b'{"errcode":"abc"}'),
        Answer(b'{"errcode":null}'),
        Answer(b'{"errcode":1e999}'),
        Answer(b'{"errcode":' + b"9" * 5000 + b"}"),
        Answer(b'{"errcode":0}', is_cut=True),
        Answer(b"oops", status=500),
        Answer(b"oops", status=504),
        Answer(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
    ids=lambda given: f"{given.status}-{given.body[:12]!r}",
)
def test_unusable_answer_after_sending_leaves_the_outcome_open(
    wechat: WeChatServer, api: ApiClient, given: Answer
) -> None:
    """A message may have gone out; a question may simply be asked again."""
    wechat.script("/" + SEND, given)
    wechat.script("/" + READ, given)

    with pytest.raises(OutcomeUnknown) as sent:
        api.call(SEND, {})
    with pytest.raises(Unavailable) as asked:
        api.read(READ)

    assert (sent.value.outcome_unknown, sent.value.retryable) == (True, False)
    assert (asked.value.outcome_unknown, asked.value.retryable) == (False, True)
    assert len(wechat.calls("/" + SEND)) == 1


@pytest.mark.parametrize(
    "given",
    [
        Answer(b'{"errcode":0}', pause=3),
        Answer(b'{"errcode":0}' + b" " * 87, pause=0.05, pieces=100),
    ],
    ids=["silence", "trickle"],
)
def test_slow_answer_is_given_up(wechat: WeChatServer, hasty: ApiClient, given: Answer) -> None:
    """A server that is silent, or sends a byte now and then, does not hold a worker."""
    wechat.script("/" + SEND, given)

    with pytest.raises(OutcomeUnknown):  # waited for, it would have been a success
        hasty.call(SEND, {})

    assert len(wechat.calls("/" + SEND)) == 1


def test_refused_connection_is_known_not_to_have_happened(api: ApiClient) -> None:
    """Nobody took the message, so it may be sent again."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with Session(f"http://127.0.0.1:{nobody.getsockname()[1]}") as session:
            away = ApiClient(ACCOUNT, session)
            away.tokens = api.tokens

            with pytest.raises(Unavailable) as caught:
                away.call(SEND, {"touser": OPENID})

    assert caught.value.retryable


@pytest.mark.parametrize(("status", "kind"), [(403, NotConfigured), (429, RateLimited)])
def test_http_refusals_are_no_unknown_outcome(
    wechat: WeChatServer, api: ApiClient, status: int, kind: type[WeChatError]
) -> None:
    """A gateway that refuses has not passed the call on."""
    wechat.script("/" + SEND, Answer(b"no", status=status))

    with pytest.raises(kind):
        api.call(SEND, {})


def test_neither_errors_nor_logs_betray_anything(
    wechat: WeChatServer, hasty: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    """No secret, token, code or openid in text, repr, pickle, traceback, context or debug log."""
    caplog.set_level(logging.DEBUG)
    echo = f"bad {OPENID} access_token={wechat.token}"
    login = {"appid": ACCOUNT.appid, "secret": SECRET, "js_code": "CODE123456"}
    problems: list[WeChatError] = []

    def provoke(given: Answer) -> None:
        wechat.script("/sns/jscode2session", given)
        wechat.script("/" + READ, given)
        with pytest.raises(WeChatError) as without_token:
            hasty.read_without_token("sns/jscode2session", login)
        with pytest.raises(WeChatError) as with_token:
            hasty.read(READ, {"openid": OPENID})
        problems.extend([without_token.value, with_token.value])

    provoke(answer(errcode=40003, errmsg=echo))
    provoke(Answer(echo.encode()))
    provoke(Answer(echo.encode(), status=500))
    provoke(Answer(b"{}", is_cut=True))
    provoke(Answer(b"{}", pause=1))
    shown = [caplog.text, *(str(record.args) for record in caplog.records)]
    for problem in problems:
        again = pickle.loads(pickle.dumps(problem))  # noqa: S301  # our own bytes
        assert (type(again), str(again)) == (type(problem), str(problem))
        assert problem.__cause__ is None
        assert problem.__context__ is None
        shown += [str(problem), repr(problem), pickle.dumps(problem).decode("latin-1")]
        shown += ["".join(traceback.format_exception(problem)), repr(problem.__dict__)]

    assert "jscode2session" in caplog.text
    for text in shown:
        for word in (SECRET, wechat.token, OPENID, "CODE123456"):
            assert word not in text


def test_only_wechats_hosts_can_be_reached(session: Session) -> None:
    """The session has no way to anywhere else."""
    with pytest.raises(requests.exceptions.InvalidSchema):
        session.request("get", "https://example.org/")
    with pytest.raises(ValueError, match="base URL"):
        Session("ftp://127.0.0.1")


def test_both_hosts_follow_the_setting(wechat: WeChatServer, session: Session) -> None:
    """Also mp.weixin.qq.com and addresses fixed in the library go to the set base URL."""
    session.request("get", "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=a%2Fb")
    session.request("get", "https://api.weixin.qq.com/cgi-bin/token")

    assert [asked.path for asked in wechat.asked] == ["/cgi-bin/showqrcode", "/cgi-bin/token"]
    assert wechat.asked[0].query == {"ticket": "a/b"}


def test_accounts_do_not_share_tokens(wechat: WeChatServer, session: Session) -> None:
    """Two accounts in one cache have two tokens."""

    def script(asked: Asked) -> Answer:
        return answer(access_token=f"token of {asked.json['appid']}", expires_in=7200)

    wechat.script(TOKEN_PATH, script)
    one = ApiClient(Account("wx1", "s1"), session)
    two = ApiClient(Account("wx2", "s2"), session, one.cache)

    assert (one.tokens.get(), two.tokens.get()) == ("token of wx1", "token of wx2")


def test_cookies_are_neither_kept_nor_sent(wechat: WeChatServer, session: Session) -> None:
    """Calls of two accounts over one session have nothing in common."""
    wechat.script("/" + READ, Answer(b"{}", headers={"Set-Cookie": "a=1; Path=/"}))

    ApiClient(ACCOUNT, session).read(READ)

    assert not session.cookies


def test_redirect_is_not_followed(wechat: WeChatServer, api: ApiClient) -> None:
    """An answer cannot send the token or a message elsewhere."""
    elsewhere = {"Location": "https://api.weixin.qq.com/elsewhere"}
    wechat.script("/" + SEND, Answer(b"", status=307, headers=elsewhere))

    with pytest.raises(OutcomeUnknown):
        api.call(SEND, {})

    assert wechat.calls("/elsewhere") == []
