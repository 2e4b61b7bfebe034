"""What other features may use of coupons."""

from __future__ import annotations

from wxapp_backend.features.coupons.domain.codes import CODE_PREFIX
from wxapp_backend.features.coupons.domain.specs import Coupon, CouponSpec, discount, fold, terms
from wxapp_backend.features.coupons.errors import (
    AlreadyUndone,
    CouponExpired,
    CouponLimitReached,
    CouponNotValidHere,
    CouponNotYetValid,
    CouponUsed,
    CouponVoid,
    OneCouponEach,
    SoldOut,
    ThresholdNotMet,
    UndoTooLate,
)
from wxapp_backend.features.coupons.queries.redemptions import (
    DayTotal,
    Redeemed,
    list_of_day,
    total_of_day,
)
from wxapp_backend.features.coupons.queries.today import Recent, Today, today
from wxapp_backend.features.coupons.queries.wallet import (
    find_by_cause,
    get,
    get_own,
    is_sold_out,
    list_by_ids,
    list_for,
)
from wxapp_backend.features.coupons.service.issuing import ensure_template, issue, void
from wxapp_backend.features.coupons.service.presenting import CouponFacts, present
from wxapp_backend.features.coupons.service.redeeming import (
    NewRedemption,
    Redemption,
    Undo,
    redeem,
    undo,
)
from wxapp_backend.features.coupons.service.scanning import Scanned, scan
from wxapp_backend.features.coupons.service.showing import Code, note_scan, show_code
from wxapp_backend.features.coupons.service.upkeep import expire_due, export_for, merge

__all__ = [
    "CODE_PREFIX",
    "AlreadyUndone",
    "Code",
    "Coupon",
    "CouponExpired",
    "CouponFacts",
    "CouponLimitReached",
    "CouponNotValidHere",
    "CouponNotYetValid",
    "CouponSpec",
    "CouponUsed",
    "CouponVoid",
    "DayTotal",
    "NewRedemption",
    "OneCouponEach",
    "Recent",
    "Redeemed",
    "Redemption",
    "Scanned",
    "SoldOut",
    "ThresholdNotMet",
    "Today",
    "Undo",
    "UndoTooLate",
    "discount",
    "ensure_template",
    "expire_due",
    "export_for",
    "find_by_cause",
    "fold",
    "get",
    "get_own",
    "is_sold_out",
    "issue",
    "list_by_ids",
    "list_for",
    "list_of_day",
    "merge",
    "note_scan",
    "present",
    "redeem",
    "scan",
    "show_code",
    "terms",
    "today",
    "total_of_day",
    "undo",
    "void",
]
