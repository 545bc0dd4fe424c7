"""A patch tells each file once, with what it takes away and adds."""

import pytest

from collectors.patches import PatchedFile, patched_files

PATCH = """*** Begin Patch
*** Update File: src/a.py
@@ def f():
-    return 1
+    return 2
*** Add File: src/b.py
+x = 1
+y = 2
*** Update File: src/old.py
*** Move to: src/new.py
@@
-z
*** Delete File: src/c.py
*** End Patch
"""


def test_every_file_is_told_with_its_lines() -> None:
    assert list(patched_files(PATCH)) == [
        PatchedFile(path="src/a.py", old_text="    return 1", new_text="    return 2"),
        PatchedFile(path="src/b.py", old_text=None, new_text="x = 1\ny = 2"),
        PatchedFile(path="src/new.py", old_text="z", new_text=""),
        PatchedFile(path="src/c.py", old_text="", new_text=""),
    ]


@pytest.mark.parametrize("text", ["", "make check", "*** Begin Patch\n*** End Patch", "--- a\n+++ b\n@@\n-x\n+y"])
def test_other_text_is_no_patch(text: str) -> None:
    assert list(patched_files(text)) == []
