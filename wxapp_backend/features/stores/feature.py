"""What stores add to the application."""

from __future__ import annotations

from wxapp_backend.declaration import Feature
from wxapp_backend.features.stores import models

FEATURE = Feature(name="stores", tables=(models,))
