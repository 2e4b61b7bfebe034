"""HTTP: the pipeline that every route goes through, shapes, errors, limits, and the request log."""
