"""Campaign documents for tests: the default one, with fields changed by their path."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from wxapp_backend.features.campaigns.domain.document import CampaignDocument

FOLDER = Path(__file__).parents[3] / "config" / "campaigns"
DEFAULT = FOLDER / "new-friend-gift.yaml"


def raw_document(**changes: Any) -> dict[str, Any]:
    """Return the default document as plain data; `friend__on_claim=[]` sets friend.on_claim."""
    raw: dict[str, Any] = yaml.safe_load(DEFAULT.read_text("utf-8"))
    for path, value in changes.items():
        *parents, last = path.split("__")
        node = raw
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = copy.deepcopy(value)
    return raw


def document(**changes: Any) -> CampaignDocument:
    """Return the default document with changes, validated."""
    return CampaignDocument.model_validate(raw_document(**changes))
