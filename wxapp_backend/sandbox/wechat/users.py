"""Who people are: followers of the official account, phone numbers, risk.

WeChat: 获取用户基本信息, 获取用户列表, 获取手机号, 获取用户安全等级.
"""

from wxapp_backend.sandbox.accounts import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account
from wxapp_backend.sandbox.state.people import Person
from wxapp_backend.sandbox.wechat.call import GET, POST, Answer, Call, Endpoint, TokenEndpoint
from wxapp_backend.sandbox.wechat.errors import Refusal
from wxapp_backend.sandbox.world import World

VISIT_SECONDS = 2 * 3600  # WeChat: the person must have been in the mini-program within 2 hours
MOST_IN_BATCH = 100
PAGE = 10_000
_SCENES_OF_RISK = (0, 1, 2)


def _one(world: World, call: Call, _account: Account) -> Answer:
    return _profile(world, call.query.get("openid", ""))


def _batch(world: World, call: Call, _account: Account) -> Answer:
    wanted = call.json().get("user_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_IN_BATCH:
        raise Refusal(40032)
    openids = [one.get("openid") if isinstance(one, dict) else None for one in wanted]
    return {"user_info_list": [_profile(world, openid) for openid in openids]}


def _profile(world: World, openid: object) -> dict[str, object]:
    """Describe a person; nickname and avatar have not been given since 2021-12-27."""
    person = world.person_by_openid(OFFICIAL_ACCOUNT, openid)
    if person is None:
        raise Refusal(40003)
    following = person.following
    known: dict[str, object] = {"openid": person.openids[OFFICIAL_ACCOUNT]}
    if following is None:
        return {"subscribe": 0, **known}
    is_number = following.scene.isdigit()
    return {
        "subscribe": 1,
        **known,
        "language": "zh_CN",
        "subscribe_time": int(following.since),
        **world.unionid(OFFICIAL_ACCOUNT, person),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": following.via,
        "qr_scene": int(following.scene) if is_number else 0,
        "qr_scene_str": "" if is_number else following.scene,
    }


def _followers(world: World, call: Call, _account: Account) -> Answer:
    """List followers, 10,000 at a time; a page after the last has no data."""
    everybody = [one.openids[OFFICIAL_ACCOUNT] for one in world.people.followers()]
    after = call.query.get("next_openid", "")
    if after and after not in everybody:
        raise Refusal(40003)
    start = everybody.index(after) + 1 if after else 0
    page = everybody[start : start + PAGE]
    answer: dict[str, object] = {"total": len(everybody), "count": len(page)}
    if page:
        answer["data"] = {"openid": page}
    return {**answer, "next_openid": page[-1] if page else ""}


def _phone_number(world: World, call: Call, account: Account) -> Answer:
    body = call.json()
    code = body.get("code")
    owner = world.codes.owner("phone", code, world.now())
    person = world.people.find(owner) if owner else None
    if person is None or not isinstance(code, str):
        raise Refusal(40029)
    given = body.get("openid")
    if given and given != person.openids[MINI_PROGRAM]:
        raise Refusal(40029)
    world.codes.use(code)
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": person.phone_number,
            "purePhoneNumber": person.phone_number,
            "countryCode": "86",
            "watermark": {"timestamp": int(world.now()), "appid": account.appid},
        },
    }


def _risk_rank(world: World, call: Call, account: Account) -> Answer:
    body = call.json()
    if body.get("appid") != account.appid:
        raise Refusal(40013)
    person = recent_visitor(world, body.get("openid"))
    if body.get("scene") not in _SCENES_OF_RISK or not body.get("client_ip"):
        raise Refusal(40097)
    request_id = world.next_seq()
    return {"errcode": 0, "errmsg": "ok", "unoin_id": request_id, "risk_rank": person.risk_rank}


def recent_visitor(world: World, openid: object) -> Person:
    """Find a person of the mini-program who was there within two hours.

    Raises:
        Refusal: 40003 for a stranger, 61010 for a visit too long ago.

    """
    person = world.person_by_openid(MINI_PROGRAM, openid)
    if person is None:
        raise Refusal(40003)
    if person.visited_at is None or world.now() - person.visited_at > VISIT_SECONDS:
        raise Refusal(61010)
    return person


_OFFICIAL = frozenset({OFFICIAL_ACCOUNT})
_MINI = frozenset({MINI_PROGRAM})
ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/user/info": TokenEndpoint(_one, GET, _OFFICIAL),
    "/cgi-bin/user/info/batchget": TokenEndpoint(_batch, POST, _OFFICIAL),
    "/cgi-bin/user/get": TokenEndpoint(_followers, GET, _OFFICIAL),
    "/wxa/business/getuserphonenumber": TokenEndpoint(_phone_number, POST, _MINI),
    "/wxa/getuserriskrank": TokenEndpoint(_risk_rank, POST, _MINI),
}
