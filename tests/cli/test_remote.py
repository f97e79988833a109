"""The commands of a hub's users, typed against a hub that really serves; a scripted agent and pod do a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.cli import remote
from assay.cli.main import REMOTE
from assay.protocol.endpoints import USER_ENDPOINTS
from tools.flow.programs import ASSAY, Hub

CONTRACT = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders
  schedule cron "0 * * * *" in "Europe/Brussels"
  column id bigint required
}
"""
CONFIG = """sources:
  shop:
    type: postgres
    host: db.example.com
    database: shop
    user: reader
    password: ${env.DB_PASSWORD}
warehouse:
  type: postgres
  host: db.example.com
  database: failed
  user: writer
  password: ${env.DB_PASSWORD}
"""


@dataclass
class Desk:
    """A person's folder and home, and the hub that he has logged in to."""

    folder: Path
    home: Path
    hub: Hub

    def type(self, *words: str, given: str = "", code: int = 0, **environment: str) -> tuple[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
        done = subprocess.run(
            [str(ASSAY), *words],
            cwd=self.folder,
            env={**kept, "XDG_CONFIG_HOME": str(self.home), **environment},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout, done.stderr


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    base = tmp_path_factory.mktemp("remote")
    (base / "project").mkdir()
    (base / "project" / "assay.yml").write_text(CONFIG, encoding="utf-8")
    (base / "project" / "orders.contract").write_text(CONTRACT, encoding="utf-8")
    hub = Hub(base / "hub")
    hub.start()
    try:
        made = Desk(base / "project", base / "home", hub)
        told, _ = made.type("login", hub.url, given=hub.key)
        assert "role admin" in told
        yield made
    finally:
        hub.kill()


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_without_a_login_the_way_to_one_is_told(desk: Desk, tmp_path: Path) -> None:
    _, told = desk.type("runs", code=2, XDG_CONFIG_HOME=str(tmp_path))
    assert "E672" in told
    assert "assay login" in told


def test_a_login_is_kept_for_its_owner_alone_and_a_wrong_key_is_not_kept(desk: Desk, tmp_path: Path) -> None:
    kept = desk.home / "assay" / "login.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    _, told = desk.type("login", desk.hub.url, given="nonsense", code=2, XDG_CONFIG_HOME=str(tmp_path))
    assert "the key is not, or no longer, good" in told
    assert "nonsense" not in told
    assert list(tmp_path.rglob("login.json")) == []


def test_a_hub_that_is_away_is_told_with_what_to_do(desk: Desk) -> None:
    _, told = desk.type("runs", code=2, ASSAY_HUB="http://127.0.0.1:9", ASSAY_KEY="x")
    assert "nothing answers there" in told
    _, told = desk.type("runs", code=2, ASSAY_HUB="http://hub.example.com", ASSAY_KEY="x")
    assert "https://" in told


def test_sources_and_warehouses_are_taken_from_the_configuration(desk: Desk) -> None:
    told, _ = desk.type("sources", "put", "shop")
    assert "revision 1" in told
    desk.type("sources", "put", "shop")
    (item,) = lines(desk.type("sources", "--json")[0])
    assert (item["name"], item["type"]) == ("shop", "postgres")
    told, _ = desk.type("sources", "show", "shop")
    assert "${env.DB_PASSWORD}" in told
    desk.type("warehouses", "put", "diagnostics")
    assert "diagnostics" in desk.type("warehouses")[0]
    _, told = desk.type("sources", "put", "absent", code=2)
    assert "`absent`" in told


def test_a_contract_is_published_once_and_another_text_needs_another_version(desk: Desk) -> None:
    desk.type("sources", "put", "shop")
    assert "published" in desk.type("publish")[0]
    assert "unchanged" in desk.type("publish", "orders.contract")[0]
    file = desk.folder / "orders.contract"
    file.write_text(CONTRACT.replace("required", "required unique"), encoding="utf-8")
    try:
        _, told = desk.type("publish", code=2)
        assert "E674" in told
    finally:
        file.write_text(CONTRACT, encoding="utf-8")


def test_a_contract_with_mistakes_is_not_sent(desk: Desk) -> None:
    file = desk.folder / "wrong.contract"
    file.write_text(
        "contract shop.wrong version 1.0.0 { dataset shop.public.x\n check rowz > 1 }", encoding="utf-8"
    )
    try:
        _, told = desk.type("publish", "wrong.contract", code=2)
        assert "rowz" in told
    finally:
        file.unlink()


def test_a_schedule_takes_the_contracts_own_times(desk: Desk) -> None:
    desk.type("sources", "put", "shop")
    desk.type("publish")
    told, _ = desk.type("schedules", "put", "hourly", "shop.orders")
    assert "0 * * * * in Europe/Brussels" in told
    (item,) = lines(desk.type("schedules", "--json")[0])
    assert item["next_fire_at"]
    desk.type("schedules", "remove", "hourly")
    assert "There is no schedule" in desk.type("schedules")[0]


def test_a_run_is_queued_listed_and_cancelled(desk: Desk) -> None:
    desk.type("sources", "put", "shop")
    desk.type("publish")
    run = desk.type("run", "shop.orders", "--no-wait")[0].strip()
    assert run in desk.type("runs")[0]
    (item,) = lines(desk.type("runs", "show", run, "--json")[0])
    assert item["state"] == "queued"
    assert "cancelled" in desk.type("runs", "cancel", run)[0]
    _, told = desk.type("results", run, code=2)
    assert "E674" in told
    _, told = desk.type("run", "shop.order", code=2)
    assert "E674" in told


def test_an_agent_gets_a_token_to_enrol_with(desk: Desk) -> None:
    assert "aye_" in desk.type("agents", "enrol", "--pool", "berlin")[0]
    assert "No agent has enrolled" in desk.type("agents")[0]


def test_published_contracts_are_listed_shown_and_retired(desk: Desk) -> None:
    desk.type("sources", "put", "shop")
    (desk.folder / "lines.contract").write_text(
        CONTRACT.replace("orders", "lines").replace("1.0.0", "1.1.0"), encoding="utf-8"
    )
    desk.type("publish", "lines.contract")
    assert "shop.lines" in desk.type("contracts")[0]
    (head,) = lines(desk.type("contracts", "versions", "shop.lines", "--json")[0])
    assert (head["version"], head["revision"]) == ("1.1.0", 1)
    text = (desk.folder / "lines.contract").read_text(encoding="utf-8")
    assert desk.type("contracts", "show", "shop.lines")[0] == text
    assert desk.type("contracts", "show", "shop.lines", "--version", "1.1.0")[0] == text
    _, told = desk.type("contracts", "show", "shop.lines", "--version", "9.9.9", code=2)
    assert "there is no such thing" in told
    assert "retired" in desk.type("contracts", "retire", "shop.lines")[0]
    assert "shop.lines" not in desk.type("contracts")[0]
    (desk.folder / "lines.contract").unlink()


def test_a_key_is_shown_once_may_what_its_role_may_and_is_revoked(desk: Desk) -> None:
    (made,) = lines(desk.type("keys", "create", "viewer", "--label", "the board", "--json")[0])
    secret = str(made["key"])
    listed, _ = desk.type("keys")
    assert "the board" in listed
    assert secret not in listed
    assert "never" in listed
    desk.type("runs", ASSAY_HUB=desk.hub.url, ASSAY_KEY=secret)
    _, told = desk.type("keys", code=2, ASSAY_HUB=desk.hub.url, ASSAY_KEY=secret)
    assert "the key's role does not allow it" in told
    assert "revoked" in desk.type("keys", "revoke", str(made["id"]))[0]
    states = {item["id"]: item.get("revoked", False) for item in lines(desk.type("keys", "--json")[0])}
    assert states[made["id"]]
    _, told = desk.type("keys", "revoke", next(str(key) for key in states if key != made["id"]), code=2)
    assert "it is the last admin key" in told
    text, _ = desk.type("keys", "create", "editor")
    assert text.startswith("ayk_")
    desk.type("keys", "create", "king", code=2)


def test_who_changed_what_is_told_newest_first(desk: Desk) -> None:
    desk.type("keys", "create", "viewer")
    desk.type("agents", "enrol")
    (newest, before) = lines(desk.type("audit", "--limit", "2", "--json")[0])
    assert (newest["action"], before["action"]) == ("enrolment.create", "key.create")
    assert str(newest["actor"]).startswith("key:")
    table, _ = desk.type("audit", "--limit", "1")
    assert table.splitlines()[0].split()[:2] == ["at,", "UTC"]
    assert len(table.splitlines()) == 2


def test_settings_are_shown_and_only_what_is_named_changes(desk: Desk) -> None:
    (before,) = lines(desk.type("settings", "--json")[0])
    assert "90" in desk.type("settings")[0]
    table, _ = desk.type("settings", "--keep-runs-days", "30")
    assert "30" in table
    (after,) = lines(desk.type("settings", "--json")[0])
    assert after["settings"] == {**before["settings"], "keep_runs_days": 30}  # type: ignore[dict-item]
    desk.type("settings", "--max-queued", "0", code=2)


def test_every_endpoint_for_people_is_behind_a_command() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(remote.__file__).parent.glob("*.py"))
    sources += "".join(
        f'"{word}_{kind}"' for word in ("get", "put", "delete") for kind in ("source", "warehouse")
    )
    sources += '"list_sources" "list_warehouses" "get_schedule" "put_schedule" "put_tenant"'
    missing = {endpoint.name for endpoint in USER_ENDPOINTS if f'"{endpoint.name}"' not in sources}
    assert missing == {"get_version"}, "`contracts show` reads its text, which says as much"


@pytest.mark.parametrize("command", REMOTE)
def test_every_command_says_what_it_is_for_and_how(desk: Desk, command: str) -> None:
    told, _ = desk.type(command, "--help")
    assert "Usage: assay " + command in told


def test_the_programs_of_the_tests_are_those_of_this_environment() -> None:
    assert Path(sys.executable).parent == ASSAY.parent
