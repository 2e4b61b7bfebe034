"""What an account's console knows: its templates and where WeChat's servers are.

WeChat: 获取已添加至账号下所有模板列表, 获取已有模板列表, 获取微信推送服务器 IP.
"""

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.message_templates import MessageTemplate
from wxapp_backend.sandbox.wechat.call import GET, POST, Answer, Call, Endpoint, TokenEndpoint
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

_OWN_ADDRESS = "127.0.0.1"
_ONE_TIME = 2  # type of a subscription template: one consent, one message
_CHECKS = frozenset({"dns", "ping", "all"})


def _official_templates(_world: World, _call: Call, account: Account) -> Answer:
    return {
        "template_list": [
            {
                "template_id": one.template_id,
                "title": one.title,
                "primary_industry": "",
                "deputy_industry": "",
                "content": _content(one),
                "example": "",
            }
            for one in account.templates
        ]
    }


def _subscription_templates(_world: World, _call: Call, account: Account) -> Answer:
    templates: list[dict[str, object]] = [
        {
            "priTmplId": one.template_id,
            "title": one.title,
            "content": _content(one),
            "example": "",
            "type": _ONE_TIME,
        }
        for one in account.templates
    ]
    return {"errcode": 0, "errmsg": "ok", "data": templates}


def _content(template: MessageTemplate) -> str:
    """Write a template's text: one line for each keyword, its key in braces."""
    lines = [f"{one.label}:{{{{{one.key}.DATA}}}}" for one in template.keywords]
    return "\n".join(lines) + "\n"


def _addresses(_world: World, _call: Call, _account: Account) -> Answer:
    return {"ip_list": [_OWN_ADDRESS]}


def _check_callback(_world: World, call: Call, _account: Account) -> Answer:
    """Answer the network check: on one machine there is nothing on the way."""
    action = call.json().get("action")
    if action not in _CHECKS:
        raise Refusal(40097)
    found: dict[str, object] = {}
    if action != "ping":
        found["dns"] = [{"ip": _OWN_ADDRESS, "real_operator": "LOOPBACK"}]
    if action != "dns":
        ping = {"ip": _OWN_ADDRESS, "from_operator": "LOOPBACK", "package_loss": "0%"}
        found["ping"] = [ping | {"time": "0.1ms"}]
    return found


_OFFICIAL = frozenset({OFFICIAL_ACCOUNT})
_BOTH = frozenset({MINI_PROGRAM, OFFICIAL_ACCOUNT})
ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/template/get_all_private_template": TokenEndpoint(
        _official_templates, GET, _OFFICIAL
    ),
    "/wxaapi/newtmpl/gettemplate": TokenEndpoint(
        _subscription_templates, GET, frozenset({MINI_PROGRAM})
    ),
    "/cgi-bin/getcallbackip": TokenEndpoint(_addresses, GET, _BOTH),
    "/cgi-bin/get_api_domain_ip": TokenEndpoint(_addresses, GET, _BOTH),
    "/cgi-bin/callback/check": TokenEndpoint(_check_callback, POST, _BOTH),
}
