"""A shop with customers, for measuring: settings, tables, people, and who may do what."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wxapp_backend.assembly import Assembly, assemble
from wxapp_backend.features.campaigns import api as campaigns
from wxapp_backend.features.coupons import api as coupons
from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.referrals import api as referrals
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.migrate import upgrade
from wxapp_backend.settings import DEFAULTS, Settings, load_settings

NO_LIMIT = "1000000"
POOL = 16
REFERRERS = 40
"""Claims of one referrer's friends follow one another, those of a campaign meet only at its end."""


def environment(url: str, folder: Path) -> dict[str, str]:
    """Return the environment of a shop on the database at `url`, with its files in `folder`."""
    values = {
        "SETTINGS": str(DEFAULTS),
        "SECURITY__SECRET_KEY": "only for measuring: 32 characters",
        "DATABASE__URL": url,
        "DATABASE__POOL_SIZE": str(POOL),
        "STORAGE__FOLDER": str(folder),
        "SERVER__REQUESTS_PER_SECOND_PER_ADDRESS": NO_LIMIT,
        "SERVER__REQUESTS_PER_SECOND_PER_CALLER": NO_LIMIT,
        "LOG__LEVEL": "WARNING",
    }
    for app in ("MINI_PROGRAM", "OFFICIAL_ACCOUNT"):
        values |= {
            f"WECHAT__{app}__APPID": f"wx-bench-{app.lower()}",
            f"WECHAT__{app}__SECRET": "bench",
            f"WECHAT__{app}__TOKEN": "bench",
            f"WECHAT__{app}__ENCODING_AES_KEY": "A" * 43,
        }
    return {f"YINJIAN_{name}": value for name, value in values.items()}


@dataclass(frozen=True)
class Person:
    """A customer with a session."""

    id: str
    token: str


@dataclass(frozen=True)
class Shop:
    """The parts of a process, and those who use it."""

    assembly: Assembly
    settings: Settings
    store_id: str
    api_key: str
    clerk: Person
    referrer: Person
    codes: tuple[str, ...]
    """Of all who recommend; the first is the referrer's."""

    def people(self, count: int) -> list[Person]:
        """Return so many new customers."""
        return self.assembly.db.run(lambda tx: [_person(tx) for _ in range(count)])

    def coupons(self, count: int) -> list[tuple[str, str]]:
        """Return person and coupon ids of so many new customers with a usable coupon each."""
        spec = coupons.CouponSpec(
            title="新客立减券",
            kind="amount_off",
            amount_off_fen=2000,
            threshold_fen=10000,
            valid_days=30,
        )

        def issue(tx: Tx) -> Iterator[tuple[str, str]]:
            template_id = coupons.ensure_template(tx, "bench", spec)
            for _ in range(count):
                person_id = _person(tx).id
                cause = f"bench:{person_id}"
                coupon = coupons.issue(tx, template_id, person_id=person_id, cause=cause)
                yield person_id, coupon.id

        return self.assembly.db.run(lambda tx: list(issue(tx)))


def open_shop(url: str, folder: Path) -> Shop:
    """Make the tables at `url`, and a shop with a running campaign, a clerk and a referrer."""
    settings = load_settings(environment(url, folder))
    upgrade(url)
    assembly = assemble(settings)

    def plant(tx: Tx) -> Shop:
        store_id = stores.add_store(tx, name="西湖店").id
        for document in campaigns.load_documents(settings.campaigns.folder):
            campaigns.publish(tx, document)
        clerk, *referrers = (_person(tx) for _ in range(1 + REFERRERS))
        stores.join(tx, clerk.id, stores.invite(tx, store_id, "clerk"))
        return Shop(
            assembly=assembly,
            settings=settings,
            store_id=store_id,
            api_key=identity.make_api_key(tx, "bench", ["orders"]),
            clerk=clerk,
            referrer=referrers[0],
            codes=tuple(referrals.code_of(tx, each.id) for each in referrers),
        )

    return assembly.db.run(plant)


def _person(tx: Tx) -> Person:
    signed_in = identity.sign_in(
        tx, app="mini_program", openid=secrets.token_hex(14), unionid=None, days=30
    )
    change = identity.ProfileChange(frozenset({"nickname"}), nickname="王小美")
    identity.update_profile(tx, signed_in.person.id, change)
    return Person(signed_in.person.id, signed_in.token)
