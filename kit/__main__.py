# -*- coding: utf-8 -*-
"""``python -m kit``: refuses an old Python in one line, else hands on to kit.bootstrap.

Written so that any Python, 2.7 included, can run it as far as that line: no annotations, no f-strings. A
machine whose ``python3`` is too old must get a sentence, not a syntax error.
"""

import os
import sys

OLDEST = (3, 11)
TOO_OLD = "kit 需要 Python {0} 或更新版本，当前是 {1}。/ kit needs Python {0} or newer; this is {1}.\n"


def main():
    """Exit code of the command: 2 when this Python is too old, else whatever the command says."""
    if sys.version_info < OLDEST:
        line = TOO_OLD.format(dotted(OLDEST), dotted(sys.version_info))
        # Python 2 has read the text as bytes already.
        os.write(2, line if isinstance(line, bytes) else line.encode("utf-8"))
        return 2
    from kit.bootstrap import start

    return start(sys.argv[1:])


def dotted(version):
    """``(3, 11, ...)`` as people write it."""
    return ".".join(str(part) for part in version[:2])


if __name__ == "__main__":
    sys.exit(main())
