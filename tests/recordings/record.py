"""Starts the recorder from any folder.

Usage: python tests/recordings/record.py [--only NAME] [--out DIR] [--npm-folder DIR]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.recordings.recorder import main

if __name__ == "__main__":
    sys.exit(main())
