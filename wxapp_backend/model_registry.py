"""Every table that the features declare, in one `metadata`."""

from __future__ import annotations

from wxapp_backend.infra.tables import Base
from wxapp_backend.wiring import FEATURES

TABLES = tuple(module for feature in FEATURES for module in feature.tables)
metadata = Base.metadata
