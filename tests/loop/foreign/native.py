"""Repositories in C++, Elixir, .NET and Swift: where to run, and what must be built or fetched first."""

from tests.loop.foreign.acts import Ecosystem, edited, ran, session

_CTEST_OK = (
    "Internal ctest changing into directory: /home/dev/codec/build\nTest project /home/dev/codec/build\n"
    "    Start 1: frame\n1/2 Test #1: frame ............................   Passed    0.01 sec\n"
    "    Start 2: header\n2/2 Test #2: header ...........................   Passed    0.00 sec\n\n"
    "100% tests passed, 0 tests failed out of 2\n\nTotal Test time (real) =   0.02 sec\n"
)
_NO_CONFIG = (
    "*********************************\nNo test configuration file found!\n*********************************\n"
    "Usage\n\n  ctest [options]\n"
)
_BUILT = "[ 50%] Building CXX object CMakeFiles/codec.dir/src/frame.cpp.o\n[100%] Built target codec_test\n"
_NOT_BUILT = (
    "Test project /home/dev/codec/build\n    Start 1: frame\n"
    "Could not find executable /home/dev/codec/build/codec_test\n"
    "Looked in the following places:\n/home/dev/codec/build/codec_test\n"
    "1/1 Test #1: frame ............................***Not Run   0.00 sec\n\n"
    "0% tests passed, 1 tests failed out of 1\n\nTotal Test time (real) =   0.00 sec\n\n"
    "The following tests FAILED:\n\t  1 - frame (Not Run)\nErrors while running CTest\n"
)
CPP = Ecosystem(
    name="codec",
    files=("CMakeLists.txt", "src/frame.cpp", "src/frame.h", "tests/frame_test.cpp"),
    sessions=(
        session(
            "CO-1: longer frames.",
            "CO-1-frames",
            edited("src/frame.cpp", "64", "128"),
            ran("cmake -S . -B build && cmake --build build -j4 2>&1 | tail -5", _BUILT),
            ran("ctest", _NO_CONFIG),
            ran("ctest --test-dir build", _CTEST_OK),
        ),
        session(
            "CO-2: shorter headers.",
            "CO-2-headers",
            edited("src/frame.h", "16", "8"),
            ran("ctest --output-on-failure", _NO_CONFIG),
            ran("cmake --build build && ctest --test-dir build --output-on-failure", _BUILT + _CTEST_OK),
        ),
        session(
            "CO-3: no frames.",
            "CO-3-none",
            edited("src/frame.cpp", "1", "0"),
            ran("ctest --test-dir build", _NOT_BUILT, code=8),
            ran("cmake --build build", _BUILT),
            ran("ctest --test-dir build", _CTEST_OK),
        ),
        session(
            "CO-4: many frames.",
            "CO-4-many",
            edited("src/frame.cpp", "0", "9"),
            ran("ctest --test-dir build", _NOT_BUILT, code=8),
            ran("cmake --build build", _BUILT),
            ran("ctest --test-dir build", _CTEST_OK),
        ),
    ),
    rules=frozenset(
        {
            "Run the checks with `ctest --test-dir build`; `ctest` does not work here.",
            "Run `cmake --build build` before `ctest --test-dir build`; the check fails otherwise.",
        }
    ),
)
_UNCHECKED = (
    "Unchecked dependencies for environment test:\n* jason (Hex package)\n"
    '  the dependency is not available, run "mix deps.get"\n'
    "** (Mix) Can't continue due to errors on dependencies\n"
)
_EXUNIT_OK = (
    "Running ExUnit with seed: 4711, max_cases: 8\n\n......\nFinished in 0.05 seconds (0.05s async, 0.00s sync)\n"
    "6 tests, 0 failures\n"
)
ELIXIR = Ecosystem(
    name="chat",
    files=("mix.exs", "mix.lock", "lib/chat/room.ex", "test/chat/room_test.exs"),
    sessions=(
        session(
            "CH-1: bigger rooms.",
            "CH-1-rooms",
            edited("lib/chat/room.ex", "@max 10", "@max 20"),
            ran("mix test", err=_UNCHECKED, code=1),
            ran("mix deps.get", "Resolving Hex dependencies...\n* Getting jason (Hex package)\n"),
            ran("mix test", _EXUNIT_OK),
        ),
        session(
            "CH-2: smaller rooms.",
            "CH-2-rooms",
            edited("lib/chat/room.ex", "@max 20", "@max 5"),
            ran("MIX_ENV=test mix test --trace", err=_UNCHECKED, code=1),
            ran("mix deps.get", "Resolving Hex dependencies...\n* Getting jason (Hex package)\n"),
            ran("MIX_ENV=test mix test --trace", _EXUNIT_OK),
        ),
    ),
    rules=frozenset({"Run `mix deps.get` before `mix test`; the check fails otherwise."}),
    may_be_refused=frozenset({"Run `mix deps.get` before `mix test`; the check fails otherwise."}),
)
_NO_PROJECT = (
    "MSBUILD : error MSB1003: Specify a project or solution file. "
    "The current working directory does not contain a project or solution file.\n"
)
_DOTNET_OK = (
    "  Determining projects to restore...\n"
    "  Billing.Tests -> /home/dev/tax/src/Billing.Tests/bin/Debug/net8.0/Billing.Tests.dll\n"
    "Test run for /home/dev/tax/src/Billing.Tests/bin/Debug/net8.0/Billing.Tests.dll (.NETCoreApp,Version=v8.0)\n"
    "Starting test execution, please wait...\nA total of 1 test files matched the specified pattern.\n\n"
    "Passed!  - Failed:     0, Passed:     9, Skipped:     0, Total:     9, Duration: 31 ms - "
    "Billing.Tests.dll (net8.0)\n"
)
DOTNET = Ecosystem(
    name="tax",
    files=("src/Billing.sln", "src/Billing/Tax.cs", "src/Billing.Tests/TaxTests.cs"),
    sessions=(
        session(
            "TAX-1: new rate.",
            "TAX-1-rate",
            edited("src/Billing/Tax.cs", "19m", "20m"),
            ran("dotnet test", _NO_PROJECT, code=1),
            ran("dotnet test src/Billing.sln", _DOTNET_OK),
        ),
        session(
            "TAX-2: old rate.",
            "TAX-2-rate",
            edited("src/Billing/Tax.cs", "20m", "19m"),
            ran("dotnet test --nologo 2>&1 | tail -20", _NO_PROJECT),
            ran("dotnet test src/Billing.sln --nologo 2>&1 | tail -20", _DOTNET_OK),
        ),
    ),
    rules=frozenset({"Run the checks with `dotnet test src/Billing.sln`; `dotnet test` does not work here."}),
)
_SWIFT_OK = (
    "Building for debugging...\n[6/6] Linking CorePackageTests\nBuild complete! (3.21s)\n"
    "Test Suite 'All tests' started at 2026-03-01 10:00:00.000.\n"
    "Test Case 'CoreTests.testSum' started at 2026-03-01 10:00:00.001\n"
    "Test Case 'CoreTests.testSum' passed (0.001 seconds)\n"
    "Test Suite 'All tests' passed at 2026-03-01 10:00:00.003.\n"
    "\t Executed 1 test, with 0 failures (0 unexpected) in 0.001 (0.002) seconds\n"
)
_NO_PACKAGE = "error: Could not find Package.swift in this directory or any of its parent directories.\n"
_SWIFT_RULE = "Run the checks with `swift test --package-path Core`; `swift test` does not work here."
SWIFT = Ecosystem(
    name="reader",
    files=("Core/Package.swift", "Core/Sources/Core/Sum.swift", "App/App.xcodeproj"),
    sessions=(
        session(
            "RE-1: sums.",
            "RE-1-sums",
            edited("Core/Sources/Core/Sum.swift", "-", "+"),
            ran("swift test", err=_NO_PACKAGE, code=1),
            ran("swift test --package-path Core", _SWIFT_OK),
        ),
        session(
            "RE-2: products.",
            "RE-2-products",
            edited("Core/Sources/Core/Sum.swift", "+", "*"),
            ran("cd /home/dev/reader; swift test 2>&1", _NO_PACKAGE, code=1),
            ran("cd /home/dev/reader; swift test --package-path Core 2>&1", _SWIFT_OK),
        ),
    ),
    rules=frozenset({_SWIFT_RULE}),
    may_be_refused=frozenset({_SWIFT_RULE}),
)
