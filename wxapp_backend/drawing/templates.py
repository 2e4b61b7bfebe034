"""Templates on disk: a folder each, with `template.json`, its pictures and a generated preview."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wxapp_backend.drawing.document import (
    CodeLayer,
    Document,
    ImageLayer,
    PhotoLayer,
    Size,
    TextLayer,
    parse_document,
)
from wxapp_backend.drawing.errors import TemplateError, UnknownTemplate

DOCUMENT = "template.json"
PREVIEW = "preview.jpg"


@dataclass(frozen=True)
class Template:
    """One template, read and validated."""

    name: str
    folder: Path
    document: Document

    @property
    def title(self) -> str:
        """Answer the Chinese title that customers see."""
        return self.document.title

    @property
    def sizes(self) -> tuple[Size, ...]:
        """Answer the sizes it can be drawn in; the first is the default."""
        return tuple(self.document.sizes)

    @property
    def has_code(self) -> bool:
        """Tell whether posters of this template carry a code."""
        return any(isinstance(layer, CodeLayer) for layer in self.document.layers)

    @property
    def is_print(self) -> bool:
        """Tell whether the template is for paper."""
        return any(size.dpi is not None for size in self.sizes)

    @property
    def variables(self) -> tuple[str, ...]:
        """Answer the facts its texts speak of, sorted."""
        texts = [layer for layer in self.document.layers if isinstance(layer, TextLayer)]
        return tuple(sorted({variable for text in texts for variable in text.variables}))

    @property
    def preview(self) -> Path:
        """Answer the file of the preview picture."""
        return self.folder / PREVIEW

    @cached_property
    def digest(self) -> str:
        """Answer a short name for the document and all its pictures: it changes when they do."""
        found = hashlib.blake2b(digest_size=12)
        for path in sorted(self.folder.iterdir()):
            if path.name != PREVIEW and path.is_file():
                found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return found.hexdigest()

    @cached_property
    def key(self) -> str:
        """Answer a name that no other template, and no other state of this one, has."""
        return f"{self.name}:{self.digest}"

    def size(self, wanted: tuple[int, int] | None) -> Size:
        """Answer the size of so many px, or the default.

        Raises:
            UnknownTemplate: the template has no such size.

        """
        if wanted is None:
            return self.sizes[0]
        for size in self.sizes:
            if (size.width, size.height) == wanted:
                return size
        raise UnknownTemplate(f"template {self.name} has no size {wanted[0]}x{wanted[1]}")


def load_template(folder: Path) -> Template:
    """Read one template's folder.

    Raises:
        UnknownTemplate: the folder holds no document.
        TemplateError: the document is wrong, or a picture it names is missing.

    """
    path = folder / DOCUMENT
    if not path.is_file():
        raise UnknownTemplate(f"no template in {folder.name!r}")
    document = parse_document(path.read_text(encoding="utf-8"), template=folder.name)
    for layer in document.layers:
        file = {ImageLayer: "file", PhotoLayer: "otherwise"}.get(type(layer))
        if file and not (folder / getattr(layer, file)).is_file():
            named = getattr(layer, file)
            raise TemplateError(
                f"template {folder.name}: layer {layer.name!r}, field {file!r}: no file {named}"
            )
    return Template(folder.name, folder, document)


def list_templates(root: Path) -> Sequence[Template]:
    """Answer all templates under `root`, by name.

    Raises:
        TemplateError: one of them is wrong.

    """
    return [load_template(path.parent) for path in sorted(root.glob(f"*/{DOCUMENT}"))]


def get_template(root: Path, name: str) -> Template:
    """Answer the template of this name.

    Raises:
        UnknownTemplate: there is none.
        TemplateError: it is wrong.

    """
    if not name or not name.replace("-", "").isalnum() or not name.isascii():
        raise UnknownTemplate(f"no template in {name!r}")
    return load_template(root / name)
