"""The command line, run in this process: how it ended, and what it said."""

import signal
import sys
import warnings

import pytest

from gdviz.cli.app import main

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Result:
    """How a run of the command line ended, and what it said."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def refuses(self, status):
        """Check that the run failed with this status and a line or two; return the first one."""
        lines = [line for line in self.err.splitlines() if line]
        errors = [line for line in lines if line.startswith("Error: ")]
        assert self.status == status, self.err
        assert len(errors) == 1, self.err
        assert len(lines) - lines.index(errors[0]) <= 2
        assert "Traceback" not in self.err + self.out
        assert self.out == ""
        return errors[0].removeprefix("Error: ")


@pytest.fixture(autouse=True)
def signals_as_they_were():
    """What a command in this process makes of signals is not for other tests."""
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def gd(monkeypatch, capfd):
    """Run the command line in this process."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["gdviz", *map(str, arguments)])
        monkeypatch.setenv("MPLBACKEND", "agg")
        with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
            main()
        return Result(ended.value.code, *capfd.readouterr())

    return run
