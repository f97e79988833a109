"""What `make demo` shows: mistakes explained, a contract compiled, real data verified, failed rows kept.

Every line that begins with `$` is a command that was run; all of it works the same when typed by hand in
examples/flights.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "examples" / "flights"
OUT = ROOT / "demo-out"
ASSAY = Path(sys.executable).with_name("assay")
COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def styled(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if COLOUR else text


def heading(number: int, text: str) -> None:
    print(f"\n{styled(f'{number}. {text}', '1;36')}\n", flush=True)


def run(*args: str, expect: int) -> None:
    """Runs assay and shows the command; any exit code but the expected one ends the demo."""
    print(styled("$ assay " + " ".join(args), "1"), flush=True)
    code = subprocess.run([ASSAY, *args], cwd=HERE, timeout=150).returncode
    if code != expect:
        sys.exit(f"`assay {args[0]}` ended with {code}, expected {expect}")


def excerpt(path: Path, start: str, lines: int) -> None:
    """Some lines of a file from the first that begins with `start`."""
    text = path.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(text) if line.startswith(start))
    print(f"\n  {styled(str(path.relative_to(ROOT)), '1')}, from line {first + 1}")
    for line in text[first : first + lines]:
        print("  │ " + (line if len(line) <= 100 else line[:99] + "…"))
    print("  ┆", flush=True)


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    heading(1, "A contract with mistakes: every one of them, in one run")
    run("check", "mistakes.contract", expect=2)
    heading(2, "A good one, compiled: what will run can be read before it runs")
    out = str(Path("..") / ".." / OUT.name)
    run("compile", "flights.contract", "--config", "production/assay.yml", "--out", out, expect=0)
    made = next(OUT.rglob("job.yaml")).parent
    excerpt(next(made.glob("*.sql")), "SELECT", 12)
    excerpt(made / "job.yaml", "spec:", 22)
    heading(3, "336,776 real flights, verified")
    run("verify", "flights.contract", expect=1)
    heading(4, "The rows that failed stayed here; this is one check's")
    run("rows", "flights.contract", "flights.arrives", "--limit", "8", expect=0)
    print(
        f"\nThe compiled SQL and manifests are in {OUT.name}/. Next: README.md, or `assay init` in an empty folder."
    )


if __name__ == "__main__":
    main()
