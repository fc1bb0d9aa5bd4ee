"""The store: consent first, then items that stay, links that open once."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.unit.evidence.conftest import Clock
from wenzhu.adapters import database
from wenzhu.adapters import evidence_tables as tables
from wenzhu.adapters.evidence_cases import NoCase
from wenzhu.adapters.evidence_links import LinkRefused
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.errors import StoreFailed, TooLarge, WrongKey
from wenzhu.evidence.records import WORDING_VERSION, Draft
from wenzhu.settings import MAX_ITEM_BYTES, Settings

MESSAGE = Draft("message", "pasted")


def content_of(store: EvidenceStore, sender: str, number: int) -> bytes:
    held = store.case(sender)
    return b"".join(store.read(held, store.items_of(held)[number - 1]))


def test_nothing_is_kept_without_a_yes(store: EvidenceStore) -> None:
    store.agree("me", "case", False)
    with pytest.raises(NoCase):
        store.add("me", MESSAGE, b"text")
    with store.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name != "evidence_keys":
                count = connection.scalar(sa.select(sa.func.count()).select_from(table))
                assert count == 0, table.name
    assert list(store.files.all()) == []


def test_consents_have_the_version_of_their_wording(store: EvidenceStore) -> None:
    assert store.allows("me", "case") is None
    store.agree("me", "case", True)
    store.agree("me", "originals", False)
    store.agree("me", "originals", True)
    assert [(c.scope, c.given, c.wording) for c in store.consents("me")] == [
        ("case", True, WORDING_VERSION),
        ("originals", False, WORDING_VERSION),
        ("originals", True, WORDING_VERSION),
    ]
    assert store.allows("me", "originals") is True


def test_an_item_comes_back_as_it_was(agreed: EvidenceStore, clock: Clock) -> None:
    draft = Draft("call_note", "told", about={"said": "要去我单位"}, corrects=None)
    item = agreed.add("me", draft, "他说要去我单位".encode())
    assert (item.number, item.captured_at) == (1, "2026-11-24T10:30:00.000+08:00")
    assert agreed.items("me") == [item]
    assert content_of(agreed, "me", 1) == "他说要去我单位".encode()
    assert agreed.verify(agreed.case("me")) is None


def test_a_correction_leaves_the_first_item(agreed: EvidenceStore) -> None:
    first = agreed.add("me", MESSAGE, b"ten")
    second = agreed.add("me", replace(MESSAGE, corrects=1), b"eleven")
    assert agreed.items("me") == [first, second]
    assert second.corrects == 1


def test_it_is_there_after_a_restart(agreed: EvidenceStore, own: Settings) -> None:
    item = agreed.add("me", MESSAGE, b"text")
    again = EvidenceStore(own)
    assert again.items("me") == [item]
    assert content_of(again, "me", 1) == b"text"
    again.close()


def test_people_do_not_see_each_other(agreed: EvidenceStore) -> None:
    agreed.add("me", MESSAGE, b"mine")
    agreed.agree("you", "case", True)
    assert agreed.items("you") == []
    mine, yours = agreed.case("me"), agreed.case("you")
    assert mine.key != yours.key
    item = agreed.items("me")[0]
    with pytest.raises(Exception, match="gone"):
        b"".join(agreed.read(yours, item))


@pytest.mark.parametrize("sender", ["../me", "me/..", "' OR 1=1 --", "me\0", "ＭＥ"])
def test_a_forged_sender_finds_nothing(agreed: EvidenceStore, sender: str) -> None:
    agreed.add("me", MESSAGE, b"mine")
    assert agreed.items(sender) == []
    with pytest.raises(NoCase):
        agreed.case(sender)


def test_only_we_may_read_what_is_on_disk(agreed: EvidenceStore, own: Settings) -> None:
    agreed.add("me", MESSAGE, b"text")
    files = [p for p in (own.state_folder / "evidence").rglob("*") if p.is_file()]
    files += list((own.state_folder / "secrets").iterdir())
    assert len(files) == 2
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"text" not in path.read_bytes()


def test_what_is_too_large_leaves_nothing(agreed: EvidenceStore) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MAX_ITEM_BYTES // (1 << 20) + 1):
            yield b"\0" * (1 << 20)

    with pytest.raises(TooLarge):
        agreed.add("me", MESSAGE, pieces())
    assert agreed.items("me") == []
    assert list(agreed.files.all()) == []


def test_tabs_adding_at_once_form_one_chain(
    agreed: EvidenceStore, own: Settings
) -> None:
    stores = [EvidenceStore(own) for _ in range(4)]
    errors: list[BaseException] = []

    def add(store: EvidenceStore, name: int) -> None:
        try:
            for number in range(5):
                store.add("me", MESSAGE, f"{name}-{number}".encode())
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=add, args=(store, name))
        for name, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert not errors
    items = agreed.items("me")
    assert [item.number for item in items] == list(range(1, 21))
    held = agreed.case("me")
    assert agreed.verify(held) is None
    said = {b"".join(agreed.read(held, item)).decode() for item in items}
    assert said == {f"{name}-{number}" for name in range(4) for number in range(5)}


def test_two_first_consents_at_once_make_one_case(own: Settings) -> None:
    stores = [EvidenceStore(own) for _ in range(3)]
    results: list[object] = []

    def agree(store: EvidenceStore) -> None:
        try:
            store.agree("me", "case", True)
            results.append("kept")
        except StoreFailed as error:
            results.append(error)

    threads = [threading.Thread(target=agree, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["kept"] * 3
    assert len(list(stores[0].all_cases())) == 1
    for store in stores:
        store.close()


def test_the_tables_are_what_the_migrations_make(store: EvidenceStore) -> None:
    def ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or str(name).startswith("evidence_")

    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": ours, "version_table": tables.VERSION_TABLE},
        )
        assert compare_metadata(context, tables.metadata) == []


def test_migrations_go_down_and_up_beside_other_tables(store: EvidenceStore) -> None:
    with database.writing(store.engine).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE events (id INTEGER)")
        connection.exec_driver_sql("INSERT INTO events VALUES (7)")
    tables.migrate(store.engine)  # again: nothing to do
    tables.downgrade(store.engine, "base")
    names = sa.inspect(store.engine).get_table_names()
    assert not [n for n in names if n in tables.metadata.tables]
    tables.migrate(store.engine)
    assert set(tables.metadata.tables) <= set(
        sa.inspect(store.engine).get_table_names()
    )
    with store.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT id FROM events")) == 7


def test_what_was_kept_outlives_steps_down_and_up(agreed: EvidenceStore) -> None:
    agreed.add("me", MESSAGE, b"text")
    token = agreed.link("me", everything=True)
    for revision in ("0002", "0001"):
        tables.downgrade(agreed.engine, revision)
        tables.migrate(agreed.engine)
        assert content_of(agreed, "me", 1) == b"text"
        assert agreed.verify(agreed.case("me")) is None
    assert agreed.open_link(token).everything is True


def test_a_link_opens_once(agreed: EvidenceStore) -> None:
    token = agreed.link("me")
    opened = agreed.open_link(token)
    assert (opened.sender, opened.everything) == ("me", False)
    with pytest.raises(LinkRefused, match="used"):
        agreed.open_link(token)


def test_a_link_expires_after_a_quarter_of_an_hour(
    agreed: EvidenceStore, clock: Clock
) -> None:
    in_time, late = agreed.link("me"), agreed.link("me")
    clock.go(minutes=14, seconds=59)
    agreed.open_link(in_time)
    clock.go(seconds=2)
    with pytest.raises(LinkRefused, match="expired"):
        agreed.open_link(late)


def test_a_forged_link_opens_nothing(agreed: EvidenceStore) -> None:
    token = agreed.link("me")
    name, _, signature = token.partition(".")
    other = agreed.link("you").partition(".")[0]
    last = "a" if signature[-1] != "a" else "b"
    forged = [
        "", ".", name, f"{name}.", f"{other}.{signature}", f"../{token}",
        f"{name}.{signature[:-1]}{last}", token.upper(), f"{name}x.{signature}",
    ]  # fmt: skip
    for each in forged:
        with pytest.raises(LinkRefused, match="unknown"):
            agreed.open_link(each)
    assert agreed.open_link(token).sender == "me"
    assert not any(c.isdigit() for c in token), "digits would be masked as a number"


def test_a_link_dies_with_what_it_opens(agreed: EvidenceStore) -> None:
    token = agreed.link("me", everything=True)
    agreed.forget("me")
    with pytest.raises(LinkRefused, match="unknown"):
        agreed.open_link(token)


def test_keys_rotate(agreed: EvidenceStore, own: Settings) -> None:
    agreed.add("me", MESSAGE, b"before")
    secret = next((own.state_folder / "secrets").iterdir())
    old = secret.read_text()
    assert agreed.rotate() == 3
    assert secret.read_text() != old
    assert list((own.state_folder / "secrets").iterdir()) == [secret]
    agreed.add("me", MESSAGE, b"after")  # the store that was open goes on
    again = EvidenceStore(own)
    assert again.verify(again.case("me")) is None
    again.close()
    with pytest.raises(WrongKey):
        EvidenceStore(replace(own, service_key=old))


def test_a_rotation_that_was_cut_short_strands_nothing(
    agreed: EvidenceStore, own: Settings
) -> None:
    agreed.add("me", MESSAGE, b"text")
    agreed._ring.prepare()  # the crash comes here, before any key was wrapped
    agreed.agree("you", "case", True)
    again = EvidenceStore(own)
    assert again.verify(again.case("me")) is None
    assert again.rotate() == 4
    assert again.verify(again.case("me")) is None
    assert again.case("you").key
    again.close()


def test_keys_from_the_environment_rotate(own: Settings) -> None:
    old, new = "ab" * 32, "cd" * 32
    first = EvidenceStore(replace(own, service_key=old))
    first.agree("me", "case", True)
    first.add("me", MESSAGE, b"text")
    first.close()
    with pytest.raises(WrongKey, match="WENZHU_SERVICE_KEY"):
        EvidenceStore(replace(own, service_key=new))
    both = EvidenceStore(replace(own, service_key=new, service_key_old=old))
    assert both.rotate() == 3
    both.close()
    second = EvidenceStore(replace(own, service_key=new))
    assert second.verify(second.case("me")) is None
    with pytest.raises(WrongKey, match="WENZHU_SERVICE_KEY_OLD"):
        second.rotate()
    second.close()
    assert not (own.state_folder / "secrets").exists()


def test_a_sweep_says_first_and_then_does(
    agreed: EvidenceStore, clock: Clock, own: Settings
) -> None:
    agreed.add("me", MESSAGE, b"old")
    agreed.link("me")
    clock.go(days=179)
    agreed.agree("you", "case", True)
    agreed.add("you", MESSAGE, b"young")
    clock.go(days=2)
    planned = agreed.sweep(dry_run=True)
    assert (planned.cases, planned.links) == (1, 1)
    assert len(agreed.items("me")) == 1
    assert agreed.sweep() == planned
    assert agreed.items("me") == []
    assert content_of(agreed, "you", 1) == b"young"
    assert len(list(agreed.files.all())) == 1


def test_one_case_does_not_feel_the_others(store: EvidenceStore) -> None:
    """The queries of a turn use an index; 3,000 items of others do not slow them."""
    with database.writing(store.engine).begin() as connection:
        connection.execute(
            tables.cases.insert(),
            [
                {"id": f"{n:032}", "person": f"{n:064}", "wrapped_key": b"", "head": "",
                 "created_at": 0.0, "touched_at": 0.0}
                for n in range(300)
            ],
        )  # fmt: skip
        connection.execute(
            tables.items.insert(),
            [
                {"id": f"{n:032}", "case_id": f"{n // 10:032}", "number": n % 10 + 1,
                 "kind": "message", "source": "", "media_type": "", "size": 0,
                 "sealed_about": b"", "captured_at": "", "sha256": "", "link": ""}
                for n in range(3000)
            ],
        )  # fmt: skip
    postgres = store.engine.dialect.name == "postgresql"
    queries = {
        tables.items: tables.items.c.case_id == f"{7:032}",
        tables.cases: tables.cases.c.person == f"{7:064}",
        tables.consents: tables.consents.c.case_id == f"{7:032}",
        tables.happenings: tables.happenings.c.case_id == f"{7:032}",
    }
    with store.engine.connect() as connection:
        if postgres:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("SET enable_seqscan = off")
        for table, condition in queries.items():
            query = sa.select(table).where(condition)
            text = str(
                query.compile(connection, compile_kwargs={"literal_binds": True})
            )
            explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            plan = str(connection.exec_driver_sql(explain + text).all()).lower()
            assert "index" in plan, f"{table.name}: {plan}"
            assert "seq scan" not in plan and "scan evidence" not in plan, plan
