"""Who may make a PostgreSQL store: whoever may make roles, or has been given the two that are needed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest
from psycopg import sql

from assay.hub import migrations
from assay.hub.address import Problem
from tests.support.hub import Clock, address_of, opened
from tests.support.postgres import Server, database
from tests.support.world import World


@pytest.fixture
def owner(postgres_server: Server, empty_postgres: Server) -> Iterator[Server]:  # noqa: ARG001 - it has made the roles
    """A database of a role that may make no other. The roles of stores are there: they are the server's."""
    name, password = f"hub_{secrets.token_hex(6)}", secrets.token_hex(16)
    role = sql.Identifier(name)
    with database(postgres_server) as fresh:
        with postgres_server.connect() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
            )
            connection.execute(
                sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(fresh.dbname), role)
            )
        yield replace(fresh, user=name, password=password)
    with postgres_server.connect() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_role_that_was_given_the_stores_roles_can_make_one(owner: Server, postgres_server: Server) -> None:
    with postgres_server.connect() as connection:
        connection.execute(sql.SQL("GRANT assay_tenant, assay_hub TO {}").format(sql.Identifier(owner.user)))
    migrations.upgrade(address_of(owner))
    clock = Clock()
    with opened(address_of(owner), clock) as store:
        world = World(store, clock)
        assert world.states() == {}
        assert world.queue() in {run for run, _ in world.states()}


def test_one_that_was_not_is_told_which_role_is_missing(owner: Server) -> None:
    with pytest.raises(Problem, match="assay_tenant"):
        migrations.upgrade(address_of(owner))
