"""The table of commands; each lives in a module beside this one that is imported when the command runs."""

import typer

from sidecar.cli import (
    adopting,
    allowing,
    attaching,
    demo,
    doctor,
    effects,
    explaining,
    feedback,
    forgetting,
    importing,
    judges,
    judging,
    learning,
    outcomes,
    packet,
    phoenix,
    receiving,
    reporting,
    spending,
    starting,
    status,
    texts,
    tokens,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Learn from coding agents' sessions: sessions in, reviewed rules out.",
)
rules = typer.Typer(no_args_is_help=True, help="The ledger, the gate and the renderer.")

app.command("init")(starting.init)
app.command("attach")(attaching.attach)
app.command("detach")(attaching.detach)
app.command("serve")(receiving.serve)
app.command("work")(receiving.work)
app.command("import")(importing.import_files)
app.add_typer(outcomes.app, name="outcomes")
app.command("judge")(judging.judge)
app.add_typer(judges.app, name="judges")
app.command("packet")(packet.packet)
app.command("propose")(learning.propose)
app.command("sync")(learning.sync)
app.command("status")(status.status)
app.command("report")(reporting.report)
app.command("effects")(effects.effects)
app.command("feedback")(feedback.feedback)
app.command("forget")(forgetting.forget)
app.command("spend")(spending.spend)
rules.command("list")(texts.list_rules)
rules.command("check")(texts.check_rules)
rules.command("adopt")(adopting.adopt)
rules.command("allow")(allowing.allow)
rules.command("explain")(explaining.explain)
rules.command("apply")(texts.apply_rules)
app.add_typer(rules, name="rules")
app.command("redact")(texts.redact)
app.add_typer(tokens.app, name="tokens")
app.add_typer(phoenix.app, name="phoenix")
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
