"""Blueprints whose inputs are read by the pipeline: after it knows who asks, not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIBlueprint
from pydantic import BaseModel

from wxapp_backend.infra.http.reading import Location, Reader

ViewT = TypeVar("ViewT", bound=Callable[..., Any])


class Blueprint(APIBlueprint):
    """Routes behind the pipeline; `input` and `output` only note shapes, for it and `/docs`."""

    def input(  # type: ignore[override] # the framework's options that nobody here uses
        self, shape: type[BaseModel], location: Location = "json"
    ) -> Callable[[ViewT], ViewT]:
        """Pass the view what a request brings: as `json_data`, `query_data` or `files_data`."""
        describe: Callable[[Any], object] = super().input(shape, location=location)

        def decorate(view: ViewT) -> ViewT:
            describe(view)
            view.readers.append(Reader(shape, location))  # type: ignore[attr-defined] # the pipeline's
            return view

        return decorate

    def output(  # type: ignore[override] # same
        self, shape: type[BaseModel], status_code: int = 200
    ) -> Callable[[ViewT], ViewT]:
        """Note what the view answers; the pipeline writes it."""
        describe: Callable[[Any], object] = super().output(shape, status_code=status_code)

        def decorate(view: ViewT) -> ViewT:
            describe(view)
            return view

        return decorate
