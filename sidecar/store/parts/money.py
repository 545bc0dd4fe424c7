"""What was put aside and paid, and the answers that were paid for."""

from typing import Literal, overload

from sqlalchemy import Connection

from sidecar.domain import ModelUsage
from sidecar.store import spend, spending
from sidecar.store.parts.part import Part
from sidecar.store.spend import Cap, KeptReply, Wanted
from sidecar.store.spending import Spent


class Money(Part):
    """What was put aside and paid, and the answers that were paid for."""

    @overload
    def reserve_spend(self, wanted: Wanted, *, now_ns: int, cap: Cap) -> int | None: ...

    @overload
    def reserve_spend(self, wanted: Wanted, *, now_ns: int, cap: Cap, or_kept: Literal[True]) -> int | str | None: ...

    def reserve_spend(self, wanted: Wanted, *, now_ns: int, cap: Cap, or_kept: bool = False) -> int | str | None:
        """Put money aside for one attempt of a request: its number, or None when it would go over the cap.

        Args:
            or_kept: Give the answer that was kept for it, if there is one, and put nothing aside.
        """

        def reserve(connection: Connection) -> int | str | None:
            kept = spend.kept_reply(connection, wanted.request_key, wanted.model) if or_kept else None
            if kept is not None:
                return kept
            reserved = spend.reserve_spend(connection, [wanted], now_ns=now_ns, cap=cap)
            return reserved[0] if reserved else None

        return self._shared.run(reserve)

    def settle_spend(
        self, request_key: str, attempt: int, *, amount_usd: float, usage: ModelUsage, kept: KeptReply | None = None
    ) -> None:
        """Replace the money put aside for an attempt by what it cost, and keep the answer that was paid."""

        def settle(connection: Connection) -> None:
            spend.settle_spend(connection, request_key, attempt, amount_usd=amount_usd, usage=usage)
            if kept is not None:
                spend.keep_reply(connection, request_key, kept)

        self._shared.run(settle)

    def kept_reply(self, request_key: str, model: str) -> str | None:
        """The answer of a model that was kept for a question; None when there is none."""
        with self._database.read() as connection:
            return spend.kept_reply(connection, request_key, model)

    def forget_reply(self, request_key: str, model: str) -> None:
        """Keep a model's answer to a question no longer."""
        with self._database.write() as connection:
            spend.forget_reply(connection, request_key, model)

    def spent_usd(self, since_ns: int) -> float:
        """Money that counts against a cap since a time, what is put aside included."""
        with self._database.read() as connection:
            return spend.spent_usd(connection, since_ns)

    def spent(self, since_ns: int) -> list[Spent]:
        """What each purpose cost with each model since a time."""
        with self._database.read() as connection:
            return spending.spent(connection, since_ns)
