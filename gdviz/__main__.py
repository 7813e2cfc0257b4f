"""``gdviz``, and ``python -m gdviz``.

Nothing is imported before an interrupt from the keyboard would be caught.
"""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, see :mod:`gdviz.cli.app`; an interrupt ends it without a traceback."""
    try:
        from gdviz.cli.app import main as run

        run()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            print("Interrupted.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
