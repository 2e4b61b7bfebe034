"""Imports every table, so that `metadata` holds them all."""

from __future__ import annotations

from wxapp_backend.features.bot import models as bot
from wxapp_backend.features.campaigns import models as campaigns
from wxapp_backend.features.coupons import models as coupons
from wxapp_backend.features.identity import models as identity
from wxapp_backend.features.messaging import models as messaging
from wxapp_backend.features.points import models as points
from wxapp_backend.features.posters import models as posters
from wxapp_backend.features.referrals import models as referrals
from wxapp_backend.features.rewards import models as rewards
from wxapp_backend.features.stores import models as stores
from wxapp_backend.features.visits import models as visits
from wxapp_backend.infra import idempotency, ticks
from wxapp_backend.infra.db import Base
from wxapp_backend.infra.outbox import rows

TABLES = (
    bot,
    campaigns,
    coupons,
    idempotency,
    identity,
    messaging,
    points,
    posters,
    referrals,
    rewards,
    rows,
    stores,
    ticks,
    visits,
)
metadata = Base.metadata
