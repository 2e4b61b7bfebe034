"""Opening the mini-program, and what the shop says about itself."""

from __future__ import annotations

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.storefront import api
from wxapp_backend.features.storefront.api import Front
from wxapp_backend.features.storefront.routes.offer import Offer
from wxapp_backend.features.storefront.schemas import (
    BrandOut,
    CapabilitiesOut,
    CustomerOut,
    JoinIn,
    MeOut,
    PostOut,
    SessionIn,
    SessionOut,
    StoreOut,
    StorePage,
)
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.db import Tx
from wxapp_backend.infra.http.blueprint import Blueprint
from wxapp_backend.infra.http.pipeline import Caller, Pipeline


def make_blueprint(pipeline: Pipeline, front: Front) -> Blueprint:
    """Build the blueprint."""
    blueprint = Blueprint("storefront", __name__, url_prefix="/api/v1", tag="Shop")
    offer = Offer(blueprint)

    @blueprint.post("/sessions")
    @blueprint.input(SessionIn)
    @blueprint.output(SessionOut)
    @blueprint.doc(summary="Sign in with wx.login's code")
    @pipeline.public(transaction=False)
    def sign_in(json_data: SessionIn) -> SessionOut:
        who = api.identify(front.wechat, json_data.code)
        days = front.settings.identity.session_days

        def enter(tx: Tx) -> tuple[identity.SignedIn, api.Me]:
            session = api.enter(tx, who, referral_code=json_data.referral_code, days=days)
            return session, api.me(tx, session.person.id)

        return _session(*front.db.run(enter), front, offer)

    @blueprint.get("/brand")
    @blueprint.output(BrandOut)
    @blueprint.doc(summary="How the shop looks to its customers")
    @pipeline.public(transaction=False)
    def brand() -> BrandOut:
        return BrandOut.of(front.settings.brand)

    @blueprint.get("/capabilities")
    @blueprint.output(CapabilitiesOut)
    @blueprint.doc(summary="What this server offers")
    @pipeline.public(transaction=False)
    def capabilities() -> CapabilitiesOut:
        return CapabilitiesOut.of(front.settings, offer.features())

    @blueprint.get("/stores")
    @blueprint.output(StorePage)
    @blueprint.doc(summary="The stores, in the order of adding")
    @pipeline.public()
    def list_stores(tx: Tx) -> StorePage:
        return StorePage(items=[StoreOut.of(store) for store in stores.list_stores(tx)])

    @blueprint.post("/staff/join")
    @blueprint.input(JoinIn)
    @blueprint.output(PostOut)
    @blueprint.doc(summary="Join a store's staff by an invitation", tags=["Staff"])
    @pipeline.customer()
    def join(tx: Tx, caller: Caller, json_data: JoinIn) -> PostOut:
        return PostOut.of(stores.join(tx, caller.id, json_data.invite_code))

    return blueprint


def _session(session: identity.SignedIn, me: api.Me, front: Front, offer: Offer) -> SessionOut:
    return SessionOut(
        token=session.token,
        expires_at=session.expires_at,
        customer=CustomerOut(
            id=me.person.id, nickname=me.person.nickname, referral_code=me.referral_code
        ),
        is_new=session.is_new,
        brand=BrandOut.of(front.settings.brand),
        capabilities=CapabilitiesOut.of(front.settings, offer.features()),
        me=MeOut.of(me, front.settings.server.link_base),
    )
