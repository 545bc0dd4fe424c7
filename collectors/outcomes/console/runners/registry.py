"""The table of runner families."""

from collections.abc import Mapping

from collectors.outcomes.console.runners.builders import read_bazel, read_forge, read_meson, read_sbt, read_zig
from collectors.outcomes.console.runners.cargo import read_cargo, read_nextest
from collectors.outcomes.console.runners.functional import (
    read_alcotest,
    read_busted,
    read_clojure,
    read_eunit,
    read_tasty,
)
from collectors.outcomes.console.runners.go import read_go, read_gotestsum
from collectors.outcomes.console.runners.javascript import (
    read_ava,
    read_bun,
    read_deno,
    read_jasmine,
    read_jest,
    read_karma,
    read_mocha,
    read_playwright,
    read_vitest,
)
from collectors.outcomes.console.runners.jvm import read_gradle, read_maven, read_scalatest
from collectors.outcomes.console.runners.native import (
    read_catch,
    read_ctest,
    read_dart,
    read_dotnet,
    read_gtest,
    read_swift_testing,
    read_testthat,
    read_xctest,
)
from collectors.outcomes.console.runners.php import read_pest, read_phpunit
from collectors.outcomes.console.runners.pytest import read_pytest
from collectors.outcomes.console.runners.pytest_sugar import read_pytest_sugar
from collectors.outcomes.console.runners.ruby import read_exunit, read_minitest, read_rspec
from collectors.outcomes.console.runners.runner import Runner
from collectors.outcomes.console.runners.swebench import read_swebench
from collectors.outcomes.console.runners.sympy import read_sympy
from collectors.outcomes.console.runners.tap import read_node_spec, read_prove, read_tap
from collectors.outcomes.console.runners.unittest import read_unittest

RUNNERS: Mapping[str, Runner] = {
    "pytest": read_pytest,
    "pytest-sugar": read_pytest_sugar,
    "unittest": read_unittest,
    "sympy": read_sympy,
    "swebench": read_swebench,
    "jest": read_jest,
    "vitest": read_vitest,
    "mocha": read_mocha,
    "jasmine": read_jasmine,
    "karma": read_karma,
    "ava": read_ava,
    "bun": read_bun,
    "deno": read_deno,
    "playwright": read_playwright,
    "tap": read_tap,
    "node spec": read_node_spec,
    "prove": read_prove,
    "gotestsum": read_gotestsum,
    "go": read_go,
    "cargo": read_cargo,
    "nextest": read_nextest,
    "maven": read_maven,
    "gradle": read_gradle,
    "scalatest": read_scalatest,
    "rspec": read_rspec,
    "minitest": read_minitest,
    "exunit": read_exunit,
    "phpunit": read_phpunit,
    "pest": read_pest,
    "ctest": read_ctest,
    "gtest": read_gtest,
    "catch": read_catch,
    "xctest": read_xctest,
    "swift testing": read_swift_testing,
    "dotnet": read_dotnet,
    "dart": read_dart,
    "testthat": read_testthat,
    "bazel": read_bazel,
    "meson": read_meson,
    "zig": read_zig,
    "sbt": read_sbt,
    "forge": read_forge,
    "clojure": read_clojure,
    "tasty": read_tasty,
    "eunit": read_eunit,
    "alcotest": read_alcotest,
    "busted": read_busted,
}
"""Runner to its reader."""
