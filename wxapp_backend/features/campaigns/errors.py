"""Refusals of campaigns: to customers as `AppError`, to operators as `CampaignRefused`."""

from __future__ import annotations

from collections.abc import Sequence

from wxapp_backend.kernel.errors import Conflict


class CampaignEnded(Conflict):
    """No campaign takes new referrals now, or the named one does no longer."""

    code = "campaign_ended"
    message = "本次活动已结束，欢迎关注下一次活动"


class BudgetExhausted(Conflict):
    """What is left of the campaign's budget does not pay for one more referral."""

    code = "budget_exhausted"
    message = "本次活动的优惠已全部领完，感谢你的支持"


class CampaignRefused(Exception):
    """A document that may not run; `faults` name each field and what is wrong with it."""

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        super().__init__("\n".join(f"{source}: {fault}" for fault in faults))
        self.source = source
        self.faults = tuple(faults)
