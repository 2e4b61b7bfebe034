"""The running campaigns, for everybody to read before anything is shared."""

from __future__ import annotations

from wxapp_backend.features.campaigns import api
from wxapp_backend.features.campaigns.schemas import CampaignOut, CampaignPage
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Pipeline


def make_blueprint(pipeline: Pipeline) -> Blueprint:
    """Return the routes of campaigns."""
    blueprint = Blueprint("campaigns", __name__, url_prefix="/api/v1")

    @blueprint.get("/campaigns")
    @blueprint.output(CampaignPage)
    @blueprint.doc(summary="List the running campaigns", tags=["Campaigns"])
    @pipeline.public()
    def list_campaigns(tx: Tx) -> CampaignPage:
        return CampaignPage(items=[CampaignOut.of(view) for view in api.list_running(tx)])

    @blueprint.get("/campaigns/<campaign_id>")
    @blueprint.output(CampaignOut)
    @blueprint.doc(summary="Read one running campaign", tags=["Campaigns"])
    @pipeline.public()
    def get_campaign(tx: Tx, campaign_id: str) -> CampaignOut:
        return CampaignOut.of(api.get_running(tx, campaign_id))

    return blueprint
