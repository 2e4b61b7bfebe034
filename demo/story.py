"""The one story, step by step; each step checks what it got and says what people saw."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import rich.console
import zxingcpp
from PIL import Image
from rich.padding import Padding
from rich.panel import Panel

from demo.shop import Phone, Refused, Shop, code_of, shown

ROOT = Path(__file__).resolve().parent.parent
POSTERS = ROOT / "var" / "demo-posters"

ORDER_FEN = 16_800
SECOND_ORDER_FEN = 12_600
WORDS = "多亏朋友推荐，招牌红烧肉太香了"


class StepFailed(RuntimeError):
    """A step of the story did not hold."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason


@dataclass
class Cast:
    """Who takes part, and what one step hands to the next."""

    shop: Shop
    wang: Phone
    li: Phone
    clerk: Phone
    store_id: str = ""
    api_key: str = ""
    campaign: dict[str, Any] = field(default_factory=dict)
    poster_text: str = ""
    first_visit_id: str = ""


Step = Callable[[Cast, "Narrator"], None]


class Narrator:
    """Prints the story and holds it to what it promises."""

    def __init__(self, console: rich.console.Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Tell one step; whatever goes wrong in it carries its title."""
        self._console.print(f"[bold]{title}[/]")
        try:
            yield
        except (Refused, AssertionError, requests.RequestException, KeyError, OSError) as problem:
            reason = str(problem) or type(problem).__name__
            raise StepFailed(title, reason) from problem
        self._console.print("    [green]✓[/]\n")

    def say(self, text: str) -> None:
        """Add a line to the step under way."""
        self._console.print(f"    {text}")

    def phone(self, person: Phone, message: dict[str, Any]) -> None:
        """Show a message as it stands on a phone."""
        panel = Panel(
            shown(message).strip(),
            title=f"{person.nickname} 的手机",
            title_align="left",
            border_style="cyan",
            expand=False,
            padding=(0, 2),
        )
        self._console.print(Padding(panel, (0, 0, 0, 4)))


def play(shop: Shop, console: rich.console.Console) -> None:
    """Play the whole story.

    Raises:
        StepFailed: a step did not hold; it names the step and the reason.
    """
    told = Narrator(console)
    console.print("\n[bold]引荐 · 老客带新客,一个完整的故事[/]\n")
    with told.step("准备:小店、店员和两位客人"):
        cast = prepare(shop)
    for title, act in steps():
        with told.step(title):
            act(cast, told)


def steps() -> list[tuple[str, Step]]:
    """Return the steps of the story in their order."""
    return [
        ("1 王小美打开小程序,生成了自己的海报", _poster),
        ("2 李静扫了海报上的码,一键领取新客券", _claim),
        ("3 李静到店消费,店员扫券核销", _redeem),
        ("4 两人都得到奖励,王小美在微信里读到推荐成功", _rewarded),
        ("5 李静第二次到店,王小美收到她的话", _second_visit),
        ("6 店主看到漏斗、成本和收入", _funnel),
    ]


def prepare(shop: Shop) -> Cast:
    """Bring everybody in: a clerk who works in the store, a till, and two customers."""
    cast = Cast(shop, Phone(shop, "王小美"), Phone(shop, "李静"), Phone(shop, "店员小陈"))
    stores = shop.call("GET", "/api/v1/stores")["items"]
    cast.store_id = stores[0]["id"]
    cast.api_key = shop.command("api-key", "--name", "till", "--scope", "orders").splitlines()[-1]
    invitation = shop.command("staff-invite", "--store", cast.store_id, "--role", "clerk")
    cast.clerk.open_mini_program()
    cast.clerk.call("POST", "/api/v1/staff/join", {"invite_code": invitation.splitlines()[-1]})
    cast.wang.act("follow")
    cast.wang.open_mini_program()
    cast.wang.upload_avatar()
    return cast


def _poster(cast: Cast, told: Narrator) -> None:
    cast.campaign = cast.wang.call("GET", "/api/v1/campaigns")["items"][0]
    share = {"campaign_id": cast.campaign["id"], "channel": "poster"}
    cast.wang.call("POST", "/api/v1/shares", share)
    poster = cast.wang.call("POST", "/api/v1/posters", {"campaign_id": cast.campaign["id"]})
    picture = requests.get(poster["image_url"], timeout=10)
    assert picture.ok, f"海报图片无法打开:HTTP {picture.status_code}"
    POSTERS.mkdir(parents=True, exist_ok=True)
    file = POSTERS / f"{cast.wang.customer['referral_code']}.jpg"
    file.write_bytes(picture.content)
    with Image.open(file) as image:
        found = [code.text for code in zxingcpp.read_barcodes(image)]
    assert found == [poster["payload"]], f"海报上的码读出来是 {found}"
    cast.poster_text = found[0]
    told.say(f"海报 {poster['width']}×{poster['height']}:{file.relative_to(ROOT)}")
    told.say(f"码里写着 {cast.poster_text}")


def _claim(cast: Cast, told: Narrator) -> None:
    opened = cast.li.act("scan", {"payload": cast.poster_text})
    assert opened["opens"] == "mini_program", f"扫码打开了 {opened['opens']}"
    code = code_of(opened["query"])
    cast.li.open_mini_program(code)
    seen = cast.li.call("POST", "/api/v1/touches", {"referral_code": code, "channel": "poster"})
    assert seen["claimable"], f"不能领取:{seen.get('reason')}"
    told.say(f"她看到:{seen['referrer']['display_name']} 推荐你来,{seen['friend_offer']}")
    claimed = cast.li.call("POST", "/api/v1/claims", {"referral_code": code})
    again = cast.li.call("POST", "/api/v1/claims", {"referral_code": code})
    assert again["referral"]["id"] == claimed["referral"]["id"], "再次领取得到了另一份推荐"
    coupons = cast.li.call("GET", "/api/v1/me/coupons")["items"]
    assert len(coupons) == 1, f"钱包里有 {len(coupons)} 张券"
    told.say(f"她领到:{coupons[0]['title']}")


def _redeem(cast: Cast, told: Narrator) -> None:
    coupon = cast.li.call("GET", "/api/v1/me/coupons")["items"][0]
    token = cast.li.call("POST", f"/api/v1/me/coupons/{coupon['id']}/token")["token"]
    key = uuid.uuid4().hex
    body = {
        "token": token,
        "store_id": cast.store_id,
        "order_amount_fen": ORDER_FEN,
        "order_no": f"D{uuid.uuid4().hex[:12]}",
    }
    done = cast.clerk.call("POST", "/api/v1/staff/redemptions", body, key=key)
    repeated = cast.clerk.call("POST", "/api/v1/staff/redemptions", body, key=key)
    assert repeated == done, "重复提交得到了不同的结果"
    assert done["discount_fen"] == 2000, f"优惠了 {done['discount_fen']} 分"
    assert done["visit"]["number"] == 1, f"记成了第 {done['visit']['number']} 次到店"
    cast.first_visit_id = done["visit"]["id"]
    told.say(f"消费 ¥{ORDER_FEN / 100:.2f},优惠 ¥{done['discount_fen'] / 100:.2f},第 1 次到店")


def _rewarded(cast: Cast, told: Narrator) -> None:
    message = cast.wang.wait_for_message("推荐成功")
    told.phone(cast.wang, message)
    assert "李**" in shown(message), "消息里没有朋友的称呼"
    assert "李静" not in shown(message), "消息里露出了朋友的全名"
    points = cast.wang.call("GET", "/api/v1/me/points")
    assert points["available"] == 200, f"积分是 {points['available']}"
    rewards = cast.wang.call("GET", "/api/v1/me/coupons")["items"]
    assert len(rewards) == 1, f"钱包里有 {len(rewards)} 张券"
    referral = cast.wang.call("GET", "/api/v1/me/referrals")["items"][0]
    assert referral["state"] == "rewarded", f"推荐状态是 {referral['state']}"
    told.say(f"她得到:{points['available']} 积分和{rewards[0]['title']}")
    review = {"visit_id": cast.first_visit_id, "rating": 5, "text": WORDS}
    cast.li.call("POST", "/api/v1/reviews", review | {"share_with_referrer": True})
    told.phone(cast.wang, cast.wang.wait_for_message(WORDS[:6]))
    assert len(cast.wang.messages("推荐成功")) == 1, "推荐成功的消息不止一条"


def _second_visit(cast: Cast, told: Narrator) -> None:
    order = {
        "order_no": f"T{uuid.uuid4().hex[:12]}",
        "store_id": cast.store_id,
        "customer": {"customer_id": cast.li.customer["id"]},
        "amount_fen": SECOND_ORDER_FEN,
        "paid_at": requests.get(f"{cast.shop.sandbox}/_clock", timeout=5).json()["now"],
        "items": [],
    }
    cast.shop.call("POST", "/open/v1/orders", order, token=cast.api_key)
    cast.shop.call("POST", "/open/v1/orders", order, token=cast.api_key)
    message = cast.wang.wait_for_message("再次到店")
    told.phone(cast.wang, message)
    assert WORDS[:6] in shown(message), "消息里没有朋友的话"
    numbers = [visit["number"] for visit in cast.li.call("GET", "/api/v1/me/visits")["items"]]
    assert numbers == [2, 1], f"到店记录是 {numbers}"
    assert len(cast.wang.messages("再次到店")) == 1, "再次到店的消息不止一条"
    assert len(cast.wang.messages("推荐成功")) == 1, "推荐成功的消息不止一条"


def _funnel(cast: Cast, told: Narrator) -> None:
    table = cast.shop.command("funnel", "--campaign", cast.campaign["id"])
    for line in table.splitlines():
        told.say(line)
