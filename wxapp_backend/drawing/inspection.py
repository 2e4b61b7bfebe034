"""Which finished posters are read back before they are handed out.

Reading a QR costs some thirty times what drawing does. Spliced posters of one kind (template, size,
format, length of the text inside the code, logo) differ only in modules that a table proved equal
to the reference draws, so the first three of a kind are read in each process, then one in 256.
After a failure every poster of that kind is read. What is no such case is looked at each time:
posters that were drawn whole, and those with WeChat's own code picture, which is another for
everybody.
"""

from collections.abc import Hashable
from threading import Lock

from wxapp_backend.drawing.codepicture import shown_fault
from wxapp_backend.drawing.codes import reads_back
from wxapp_backend.drawing.content import Content, Poster
from wxapp_backend.drawing.templates import Template

_FIRST = 3
_ONE_IN = 256
_KINDS = 10_000


class Inspector:
    """Reads posters back; one per process.

    Attributes:
        read: posters that were read back.
        failed: posters whose code was not found; they must not be handed out.

    """

    def __init__(self, *, one_in: int = _ONE_IN) -> None:
        self._one_in = one_in
        self._seen: dict[Hashable, int] = {}
        self._distrusted: set[Hashable] = set()
        self._lock = Lock()
        self.read = 0
        self.failed = 0

    def passes(self, template: Template, content: Content, poster: Poster) -> bool:
        """Tell whether a poster may be handed out; most spliced ones are trusted without a look.

        Only WeChat reads its own code pictures: their size, contrast and quiet zone are judged.
        """
        if not content.payload and content.code_image is None:
            return True
        length = len(content.payload.encode())
        has_logo = content.logo is not None
        is_picture = content.code_image is not None
        size = (poster.width, poster.height)
        kind = (template.key, *size, poster.format, length, has_logo, is_picture)
        is_due = self._is_due(kind)
        if poster.is_spliced and not is_picture and not is_due:
            return True
        if is_picture:
            good = shown_fault(template, poster) is None
        else:
            good = reads_back(poster.data, content.payload)
        with self._lock:
            self.read += 1
            if not good:
                self.failed += 1
                self._distrusted.add(kind)
        return good

    def _is_due(self, kind: Hashable) -> bool:
        with self._lock:
            if len(self._seen) >= _KINDS:
                self._seen.clear()
            seen = self._seen.get(kind, 0)
            self._seen[kind] = seen + 1
            return seen < _FIRST or kind in self._distrusted or seen % self._one_in == 0
