"""A Rails shop: rspec only through bundler, pending migrations, a schema that belongs to them."""

from tests.loop.foreign.acts import Act, Ecosystem, edited, ran, session, wrote

_NOT_FOUND = "bash: line 1: rspec: command not found"
_PENDING = (
    "\nAn error occurred while loading rails_helper.\nFailure/Error: ActiveRecord::Migration.maintain_test_schema!\n\n"
    "ActiveRecord::PendingMigrationError:\n\n"
    "  Migrations are pending. To resolve this issue, run:\n\n          bin/rails db:migrate RAILS_ENV=test\n\n"
    "# ./spec/rails_helper.rb:30:in `<top (required)>'\nNo examples found.\n\n\n"
    "Finished in 0.00004 seconds (files took 1.31 seconds to load)\n"
    "0 examples, 0 failures, 1 error occurred outside of examples\n"
)


def _passed(count: int) -> str:
    return (
        f"{'.' * count}\n\nFinished in 0.21 seconds (files took 1.4 seconds to load)\n{count} examples, 0 failures\n\n"
    )


def _failed(place: str) -> str:
    return (
        "...F\n\nFailures:\n\n  1) Cart sums lines\n     Failure/Error: expect(cart.total).to eq 12\n\n"
        "       expected: 12\n            got: 13\n\n       (compared using ==)\n"
        f"     # {place}:9:in `block (2 levels) in <top (required)>'\n\n"
        "Finished in 0.02 seconds (files took 1.3 seconds to load)\n4 examples, 1 failure\n\n"
        f"Failed examples:\n\nrspec {place}:8 # Cart sums lines\n"
    )


def _column(stamp: str, name: str) -> tuple[Act, ...]:
    migration = f"db/migrate/{stamp}_add_{name}_to_carts.rb"
    return (
        wrote(migration, f"class Add{name.title()}ToCarts < ActiveRecord::Migration[7.1]\nend\n"),
        ran("bundle exec rspec", _PENDING, code=1),
        ran("bin/rails db:migrate RAILS_ENV=test", f"== {stamp} Add{name.title()}ToCarts: migrated (0.0021s) ==\n"),
        ran("bundle exec rspec", _passed(12)),
    )


_MIGRATE_RULE = "Run `bin/rails db:migrate RAILS_ENV=test` before `bundle exec rspec`; the check fails otherwise."
RUBY = Ecosystem(
    name="storefront",
    files=(
        "Gemfile",
        "Gemfile.lock",
        "bin/rails",
        "app/models/cart.rb",
        "db/schema.rb",
        "db/migrate/1_create.rb",
        "spec/models/cart_spec.rb",
    ),
    sessions=(
        session(
            "ST-1: sum lines.",
            "ST-1-sum",
            edited("app/models/cart.rb", "lines.first", "lines.sum"),
            ran("rspec", err=_NOT_FOUND, code=127),
            ran("bundle exec rspec", _passed(12)),
        ),
        session(
            "ST-2: empty carts.",
            "ST-2-empty",
            edited("app/models/cart.rb", "lines", "lines.to_a"),
            ran("rspec spec/models/cart_spec.rb --format documentation", err=_NOT_FOUND, code=127),
            ran("RAILS_ENV=test bundle exec rspec spec/models/cart_spec.rb", _passed(4)),
        ),
        session("ST-3: a note on carts.", "ST-3-note", *_column("20260301101500", "note")),
        session("ST-4: a colour on carts.", "ST-4-colour", *_column("20260302101500", "colour")),
        session(
            "ST-5: the spec was wrong.",
            "ST-5-spec",
            edited("app/models/cart.rb", "13", "12"),
            ran("bundle exec rspec", _failed("./spec/models/cart_spec.rb"), code=1),
            edited("spec/models/cart_spec.rb", "eq 13", "eq 12"),
            ran("bundle exec rspec", _passed(12)),
        ),
        session(
            "ST-6: the spec was wrong again.",
            "ST-6-spec",
            edited("app/models/cart.rb", "14", "12"),
            ran("bundle exec rspec", _failed("./spec/models/cart_spec.rb"), code=1),
            edited("spec/models/cart_spec.rb", "eq 14", "eq 12"),
            ran("bundle exec rspec", _passed(12)),
        ),
    ),
    rules=frozenset(
        {
            "Run the checks with `bundle exec rspec`; `rspec` does not work here (rspec: command not found).",
            _MIGRATE_RULE,
        }
    ),
    may_be_refused=frozenset({_MIGRATE_RULE}),
)
