"""Reading campaign documents: strict YAML, every fault named by its field, the guard first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from wxapp_backend.features.campaigns.domain.document import CampaignDocument
from wxapp_backend.features.campaigns.domain.guard import inspect
from wxapp_backend.features.campaigns.errors import CampaignRefused

_UNION_TAGS = {"points", "coupon"}


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe subset, in which a key given twice is a fault and not silently the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping, refusing a key that it has already."""
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "a key is given twice", node.start_mark
            )
        return mapping


def load_documents(folder: Path) -> list[CampaignDocument]:
    """Read every `*.yaml` of `folder`, ordered by file name.

    Raises:
        CampaignRefused: a document is faulty, or two have the same key.
    """
    documents: dict[str, CampaignDocument] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = parse_document(path.read_text("utf-8"), source=path.name)
        if document.key in documents:
            raise CampaignRefused(path.name, [f"key: {document.key} is taken by another file"])
        documents[document.key] = document
    return list(documents.values())


def parse_document(text: str, *, source: str) -> CampaignDocument:
    """Read one document; `source` names it in faults.

    Raises:
        CampaignRefused: it is no YAML mapping, a rule forbids it, or a field is wrong.
    """
    try:
        raw = yaml.load(text, _StrictLoader)  # noqa: S506 # a SafeLoader
    except yaml.YAMLError as error:
        raise CampaignRefused(source, [f"not valid YAML: {error}"]) from error
    if not isinstance(raw, dict):
        raise CampaignRefused(source, ["the document is not a mapping of fields"])
    if refusals := inspect(raw):
        raise CampaignRefused(source, [str(refusal) for refusal in refusals])
    try:
        return CampaignDocument.model_validate(raw)
    except ValidationError as error:
        raise CampaignRefused(source, _faults(error)) from error


def _faults(error: ValidationError) -> list[str]:
    return [
        f"{_field(fault['loc']) or 'document'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False)
    ]


def _field(place: tuple[str | int, ...]) -> str:
    """Write where a fault is, without the tag that pydantic puts after a reward's position."""
    return ".".join(
        str(part)
        for position, part in enumerate(place)
        if not (part in _UNION_TAGS and position and isinstance(place[position - 1], int))
    )
