"""The table of commands; each lives in a module beside this one that is imported when the command runs."""

import typer

from sidecar.cli import importing, learning, phoenix, receiving, spending, texts, tokens

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Learn from coding agents' sessions: sessions in, reviewed rules out.",
)
outcomes = typer.Typer(no_args_is_help=True, help="Test reports.")
rules = typer.Typer(no_args_is_help=True, help="The ledger, the gate and the renderer.")

app.command("serve")(receiving.serve)
app.command("import")(importing.import_files)
outcomes.command("add")(receiving.add_outcome)
outcomes.command("read")(texts.read_outcome)
app.add_typer(outcomes, name="outcomes")
app.command("judge")(learning.judge)
app.command("propose")(learning.propose)
app.command("sync")(learning.sync)
app.command("status")(learning.status)
app.command("feedback")(learning.feedback)
app.command("spend")(spending.spend)
rules.command("list")(texts.list_rules)
rules.command("check")(texts.check_rules)
rules.command("apply")(texts.apply_rules)
app.add_typer(rules, name="rules")
app.command("redact")(texts.redact)
app.add_typer(tokens.app, name="tokens")
app.add_typer(phoenix.app, name="phoenix")
app.command("demo")(learning.demo)
