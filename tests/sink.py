"""A mail server that does as it is told: keeps what it gets, refuses, breaks off, is slow, is down.

For a script: ``python -m tests.sink --port 2525 --answer "451 later"``; it prints a line for each mail it kept.
"""

import argparse
import asyncio
import socket
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Kept:
    """One mail that was accepted."""

    to: list[str]
    message: EmailMessage
    at: float = field(default_factory=time.monotonic)

    @property
    def number(self) -> str:
        """The Message-ID."""
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        """What one reads."""
        return str(self.message.get_content())


class _Server(SMTP):
    """Speaks SMTP; what it says at the door and to the sender is the sink's."""

    def __init__(self, sink: "Sink", **options: Any) -> None:
        super().__init__(sink, hostname="sink.example", **options)
        self.sink = sink

    async def push(self, status: Any) -> None:
        if str(status).startswith("220 ") and self.sink.at_the_door:
            await super().push(self.sink.at_the_door)
            self.transport.close()
            return
        await super().push(status)


@dataclass
class Sink:
    """Starts at once and can be told otherwise while it runs. ``answer`` is for every mail, ``refuses`` by address."""

    port: int = 0
    answer: str = "250 OK"
    refuses: dict[str, str] = field(default_factory=dict)
    sender_answer: str = ""
    at_the_door: str = ""
    drops: bool = False
    slow: float = 0
    kept: list[Kept] = field(default_factory=list)
    asked: int = 0
    says: bool = False

    def __post_init__(self) -> None:
        """A port that is free, when none was named."""
        if not self.port:
            with socket.socket() as trial:
                trial.bind(("127.0.0.1", 0))
                self.port = trial.getsockname()[1]
        self._controller: Controller | None = None

    def up(self) -> Self:
        """Answer from now on."""
        sink = self

        class _Controller(Controller):
            def factory(self) -> SMTP:
                return _Server(sink)

        self._controller = _Controller(sink, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def down(self) -> Self:
        """Refuse every connection from now on."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
        return self

    def __enter__(self) -> Self:
        """Up."""
        return self.up()

    def __exit__(self, *_: object) -> None:
        """Down."""
        self.down()

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Who sends."""
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Whom it is for."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """What it says."""
        self.asked += 1
        await asyncio.sleep(self.slow)
        if self.drops:
            server.transport.close()
            return "250 OK"
        if self.answer.startswith("2"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.kept.append(Kept(list(envelope.rcpt_tos), message))
            if self.says:
                sys.stdout.write(f"{message['Message-ID']} {' '.join(envelope.rcpt_tos)}\n")
                sys.stdout.flush()
        return self.answer


def main() -> None:
    """Run until somebody stops it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--answer", default="250 OK")
    parser.add_argument("--sender-answer", default="")
    parser.add_argument("--at-the-door", default="")
    parser.add_argument("--refuse", nargs=2, action="append", default=[], metavar=("ADDRESS", "ANSWER"))
    parser.add_argument("--drops", action="store_true")
    parser.add_argument("--slow", type=float, default=0)
    chosen = vars(parser.parse_args())
    sink = Sink(refuses=dict(chosen.pop("refuse")), says=True, **chosen).up()
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        sink.down()


if __name__ == "__main__":
    main()
