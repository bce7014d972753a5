"""A file sent with a form, kept in memory and nowhere else.

One rule: nothing of it touches a disk, and one byte more than the limit is held at most: enough to know that it is too big.
"""

from io import BytesIO
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class FileInMemory(FileUploadHandler):
    """The only upload handler of a view that takes one file: the first one of `field`, up to `limit` bytes.

    Set it before anything reads `request.POST`, so before the form's token is checked (see `cms.views.match.my_skills`).
    """

    def __init__(self, field: str, limit: int) -> None:
        super().__init__()
        self.is_taken = False  # a file was sent, whatever its size
        self._field = field
        self._limit = limit
        self._held = BytesIO()

    @property
    def data(self) -> bytes:
        """What was sent; of a file that is too big, one byte more than the limit."""
        return self._held.getvalue()

    def new_file(self, field_name: str, *arguments: Any, **options: Any) -> None:
        super().new_file(field_name, *arguments, **options)
        if field_name != self._field or self.is_taken:
            raise SkipFile
        self.is_taken = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = self._limit + 1 - start
        self._held.write(raw_data[:room])
        if len(raw_data) >= room:
            raise SkipFile

    def file_complete(self, file_size: int) -> None:
        """Nothing for `request.FILES`: the view asks this handler."""
