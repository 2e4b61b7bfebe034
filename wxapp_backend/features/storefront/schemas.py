"""Shapes of the storefront's requests and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from apiflask.fields import UploadFile
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool

from wxapp_backend.features.identity import api as identity
from wxapp_backend.features.identity.api import NameForm
from wxapp_backend.features.storefront.api import Me
from wxapp_backend.features.stores import api as stores
from wxapp_backend.infra.http.shapes import Input, Output, Page, RawText, Text
from wxapp_backend.settings import Brand, MessageKind, Settings

_EARLIEST_BIRTHDAY = date(1900, 1, 1)
_ROLES: dict[stores.Role, Literal["clerk", "store_manager"]] = {
    "clerk": "clerk",
    "manager": "store_manager",
}
"""How clients call the roles in a store, beside those of the shop's head office."""

_TEMPLATE_TITLES: dict[MessageKind, str] = {
    "success": "推荐成功通知",
    "second_visit": "朋友再次到店通知",
}
"""What people are asked to agree to; one consent is one message, so only the promised ones."""


def _date_only(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type] # judged here
    except (TypeError, ValueError):
        raise ValueError("must be a date, e.g. 1990-05-20") from None  # not what was sent


class SessionIn(Input):
    """wx.login's code, and whose share was opened."""

    code: RawText = Field(min_length=1, max_length=128)
    referral_code: RawText | None = Field(None, max_length=64)


class CustomerOut(Output):
    """Who signed in."""

    id: str
    nickname: str | None
    referral_code: str


class NamedTier(Output):
    """A membership tier."""

    name: str


class NamedPerson(Output):
    """Somebody else, as far as they may be named."""

    display_name: str


class PostOut(Output):
    """Where somebody works."""

    role: Literal["clerk", "store_manager"]
    store_id: str
    store_name: str

    @classmethod
    def of(cls, post: stores.Post) -> PostOut:
        """Show a post."""
        role = _ROLES[post.role]
        return cls(role=role, store_id=post.store_id, store_name=post.store_name)


class PreferencesOut(Output):
    """What the customer chose."""

    name_form: NameForm


class MeOut(Output):
    """A customer's own view of themselves."""

    id: str
    nickname: str | None
    avatar_url: str | None
    phone_masked: str | None
    tier: NamedTier | None = None
    points_available: int
    referral_code: str
    role: Literal["customer", "clerk", "store_manager"]
    birthday: date | None
    preferences: PreferencesOut
    inbox_unread: int
    referred_by: NamedPerson | None
    staff: PostOut | None

    @classmethod
    def of(cls, me: Me, link_base: str) -> MeOut:
        """Show a customer to themselves."""
        person = me.person
        return cls(
            id=person.id,
            nickname=person.nickname,
            avatar_url=identity.avatar_url(person, link_base),
            phone_masked=person.phone_masked,
            points_available=me.points_available,
            referral_code=me.referral_code,
            role=_ROLES[me.post.role] if me.post else "customer",
            birthday=person.birthday,
            preferences=PreferencesOut(name_form=person.name_style),
            inbox_unread=me.inbox_unread,
            referred_by=NamedPerson(display_name=me.referred_by) if me.referred_by else None,
            staff=PostOut.of(me.post) if me.post else None,
        )


class PreferencesIn(Input):
    """What the customer chooses: 李**, 李女士 or 李先生."""

    name_form: NameForm


class MePatch(Input):
    """What a customer changes; null clears, what is left out stays."""

    nickname: Annotated[Text, Field(min_length=1, max_length=64)] | None = None
    birthday: Annotated[date | None, BeforeValidator(_date_only)] = Field(
        None, ge=_EARLIEST_BIRTHDAY
    )
    preferences: PreferencesIn | None = None


class AvatarIn(Input):
    """A picture, JPEG, PNG or WebP, 5 MB at most."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class AvatarOut(Output):
    """Where the picture is now; needs no token and cannot be guessed."""

    avatar_url: str


class PhoneIn(Input):
    """The code of a getPhoneNumber button."""

    code: RawText = Field(min_length=1, max_length=128)


class PhoneOut(Output):
    """The number that is known now."""

    phone_masked: str


class TokenOut(Output):
    """The customer's own rotating code.

    `expires_in` counts whole seconds by the server's clock: the phone's may be wrong.
    """

    token: str
    expires_at: datetime
    expires_in: int


class ConsentIn(Input):
    """An answer to a text; withdrawing is `granted: false`."""

    kind: Literal["privacy", "messages"]
    version: RawText = Field(min_length=1, max_length=20)
    granted: StrictBool


class ConsentOut(Output):
    """The answer that is in force."""

    kind: str
    version: str
    granted: bool
    at: datetime

    @classmethod
    def of(cls, consent: identity.Consent) -> ConsentOut:
        """Show an answer."""
        return cls(
            kind=consent.kind, version=consent.version, granted=consent.granted, at=consent.at
        )


class ConsentPage(Page[ConsentOut]):
    """The answers in force, one of each kind."""


class BrandOut(Output):
    """How the shop looks to its customers."""

    name: str
    slogan: str | None
    color: str
    logo_url: str | None
    hours: str | None
    phone: str | None
    address: str | None
    privacy_contact: str | None

    @classmethod
    def of(cls, brand: Brand) -> BrandOut:
        """Show the brand; what the shop left empty is missing."""
        return cls(
            name=brand.name,
            slogan=brand.slogan or None,
            color=brand.colour,
            logo_url=brand.logo_url or None,
            hours=brand.hours or None,
            phone=brand.phone or None,
            address=brand.address or None,
            privacy_contact=brand.privacy_contact or None,
        )


class SubscriptionTemplateOut(Output):
    """A subscription message that people may agree to."""

    key: str
    template_id: str
    title: str


class CapabilitiesOut(Output):
    """What this server offers, so that screens hide what is not there."""

    features: dict[str, bool]
    subscription_templates: list[SubscriptionTemplateOut]
    poster_code_kind: str
    review_tags: list[str]
    undo_minutes: int
    privacy_version: str

    @classmethod
    def of(cls, settings: Settings, features: dict[str, bool]) -> CapabilitiesOut:
        """Show what is there."""
        templates = settings.wechat.templates
        return cls(
            features=features,
            subscription_templates=[
                SubscriptionTemplateOut(
                    key=kind, template_id=templates[kind].mini_program_id, title=title
                )
                for kind, title in _TEMPLATE_TITLES.items()
                if kind in templates and templates[kind].mini_program_id
            ],
            poster_code_kind=settings.posters.code_kind,
            review_tags=settings.brand.review_tags,
            undo_minutes=settings.coupons.undo_minutes,
            privacy_version=settings.brand.privacy_version,
        )


class SessionOut(Output):
    """A fresh session, and all that the first screen needs."""

    token: str
    expires_at: datetime
    customer: CustomerOut
    is_new: bool
    brand: BrandOut
    capabilities: CapabilitiesOut
    me: MeOut


class StoreOut(Output):
    """A place where customers come."""

    id: str
    name: str
    address: str
    phone: str
    hours: str

    @classmethod
    def of(cls, store: stores.Store) -> StoreOut:
        """Show a store."""
        return cls(
            id=store.id,
            name=store.name,
            address=store.address,
            phone=store.phone,
            hours=store.hours,
        )


class StorePage(Page[StoreOut]):
    """All stores; there are few, so one page holds them all."""


class JoinIn(Input):
    """An invitation, as handed out by a manager."""

    invite_code: RawText = Field(min_length=1, max_length=40)
