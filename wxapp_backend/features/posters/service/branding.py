"""What all posters of this shop have in common, as the settings say."""

from __future__ import annotations

from wxapp_backend.drawing import ImageRefused, normalise_avatar
from wxapp_backend.features.posters.domain import Shop
from wxapp_backend.features.posters.service.requesting import Place
from wxapp_backend.settings import Settings, SettingsFault


def poster_place(settings: Settings) -> Place:
    """Return what posters show of the shop, and where their codes lead."""
    brand, app = settings.brand, settings.wechat.mini_program
    shop = Shop(brand.name, brand.hours, brand.address, settings.server.link_base)
    target = f"{app.landing_page} {app.env_version}"
    return Place(shop, code_target=target, prepared_kind=settings.posters.code_kind)


def read_logo(settings: Settings) -> bytes | None:
    """Return the shop's logo for the middle of codes, if it has one.

    Raises:
        SettingsFault: the file cannot be read as a picture.
    """
    file = settings.posters.logo_file
    if file is None:
        return None
    try:
        return normalise_avatar(file.read_bytes())
    except (OSError, ImageRefused) as problem:
        raise SettingsFault(f"posters.logo: {file}: {problem}") from None
