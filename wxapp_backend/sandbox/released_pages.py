"""Which pages the released mini-program has."""

import json
from pathlib import Path

# As in the mini-program's own app.json; another list comes in with --app-json.
RELEASED_PAGES = (
    "pages/home/index",
    "pages/landing/index",
    "pages/referrals/index",
    "pages/coupons/index",
    "pages/mine/index",
    "packages/share/poster/index",
    "packages/share/rules/index",
    "packages/wallet/coupon/index",
    "packages/wallet/points/index",
    "packages/wallet/visits/index",
    "packages/wallet/review/index",
    "packages/account/inbox/index",
    "packages/account/profile/index",
    "packages/account/privacy/index",
    "packages/account/stores/index",
    "packages/staff/desk/index",
    "packages/staff/join/index",
    "packages/staff/redeem/index",
    "packages/staff/visit/index",
)


def read_pages(app_json: Path) -> tuple[str, ...]:
    """List the pages that an app.json declares, the home page first.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not JSON.

    """
    declared = json.loads(app_json.read_text(encoding="utf-8"))
    packages = declared.get("subPackages") or declared.get("subpackages") or []
    inside = [f"{one['root'].strip('/')}/{page}" for one in packages for page in one["pages"]]
    return (*declared["pages"], *inside)
