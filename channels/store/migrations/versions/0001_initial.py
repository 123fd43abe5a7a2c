"""All tables as they were when migrations began; also completes a database made before that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = sa.MetaData()
sa.Table(
    "addresses",
    _TABLES,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("sealed", sa.Text(), nullable=False),
    sa.Column("last_s", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "attempt_keys",
    _TABLES,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("last_us", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "attempts",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("at_us", sa.BigInteger(), nullable=False),
    sa.Index("attempts_key_at", "key", "at_us"),
)
sa.Table(
    "consents",
    _TABLES,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False),
    sa.Column("given_ms", sa.BigInteger(), nullable=False),
    sa.Column("ended", sa.String(16)),
    sa.Column("ended_ms", sa.BigInteger()),
)
sa.Table(
    "conversations",
    _TABLES,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("last_outcome", sa.String(32), nullable=False),
    sa.Column("expects_digits", sa.Boolean(), nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, index=True),
)
sa.Table(
    "day_counts",
    _TABLES,
    sa.Column("what", sa.String(16), primary_key=True),
    sa.Column("day", sa.Date(), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("channel", sa.String(16), primary_key=True),
    sa.Column("count", _NUMBER, nullable=False),
)
sa.Table(
    "desk_tickets",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("open_key", sa.String(32), unique=True),
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("words", sa.Text(), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("field", sa.String(120)),
    sa.Column("wanted_id", sa.BigInteger()),
    sa.Column("wanted_name", sa.String(200)),
    sa.Column("officer_id", sa.BigInteger()),
    sa.Column("officer_name", sa.String(200)),
    sa.Column("asked_ms", sa.BigInteger(), nullable=False),
    sa.Column("waits_ms", sa.BigInteger(), nullable=False),
    sa.Column("taken_ms", sa.BigInteger()),
    sa.Column("closed_ms", sa.BigInteger(), index=True),
    sa.Column("ended", sa.String(8)),
    sa.Column("citizen_ms", sa.BigInteger(), nullable=False),
    sa.Column("owed_ms", sa.BigInteger(), nullable=False),
    sa.Column("officer_ms", sa.BigInteger(), nullable=False),
    sa.Column("seen_ms", sa.BigInteger(), nullable=False),
    sa.Column("warned_ms", sa.BigInteger(), nullable=False),
    sa.Column("apologised", sa.Boolean(), nullable=False),
)
sa.Table(
    "event_topics",
    _TABLES,
    sa.Column("topic", sa.String(64), primary_key=True),
    sa.Column("last_id", sa.BigInteger(), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "events",
    _TABLES,
    sa.Column("topic", sa.String(64), primary_key=True),
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("key", sa.String(160), nullable=False),
    sa.Column("data", sa.Text(), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False),
    sa.Index("events_at", "at_ms"),
    sa.Index("events_topic_key", "topic", "key", unique=True),
)
sa.Table(
    "feedback",
    _TABLES,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("message_id", sa.String(128), primary_key=True),
    sa.Column("procedure_code", sa.String(32), index=True),
    sa.Column("value", sa.String(8), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("words", sa.Text()),
    sa.Column("pressed_in", sa.String(128), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "identity_checks",
    _TABLES,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(64), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer(), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "last_known",
    _TABLES,
    sa.Column("citizen", sa.String(64), primary_key=True),
    sa.Column("code", sa.String(64), primary_key=True),
    sa.Column("view", sa.Text(), nullable=False),
    sa.Column("proofs", sa.Text(), nullable=False),
    sa.Column("key_mark", sa.String(64), nullable=False),
    sa.Column("kept_s", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "leases",
    _TABLES,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("until_ms", sa.BigInteger(), nullable=False),
)
sa.Table(
    "outbox",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("replies", sa.Text(), nullable=False),
    sa.Column("outcome", sa.String(32)),
    sa.Column("subscription", sa.String(32)),
    sa.Column("created_ms", sa.BigInteger(), nullable=False),
    sa.Column("due_ms", sa.BigInteger(), nullable=False),
    sa.Column("lease_ms", sa.BigInteger(), nullable=False),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.Column("under_way", sa.Boolean(), nullable=False),
    sa.Column("held", sa.Boolean(), nullable=False),
    sa.Column("ended", sa.String(16)),
    sa.Column("ended_ms", sa.BigInteger()),
)
sa.Table(
    "replies",
    _TABLES,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("message_id", sa.String(128), primary_key=True),
    sa.Column("result", sa.Text(), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("replies_at", "at"),
)
sa.Table(
    "seen",
    _TABLES,
    sa.Column("key", sa.String(160), primary_key=True),
    sa.Column("at_s", sa.BigInteger(), nullable=False, index=True),
)
sa.Table(
    "staff_accounts",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.Text()),
    sa.Column("one_time_until_s", sa.BigInteger()),
    sa.Column("subject", sa.String(255), unique=True),
    sa.Column("created_s", sa.BigInteger(), nullable=False),
    sa.Column("disabled_s", sa.BigInteger()),
    sa.Column("last_sign_in_s", sa.BigInteger()),
)
sa.Table(
    "staff_audit",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("at_s", sa.BigInteger(), nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("did", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(32)),
    sa.Column("application", sa.String(64)),
    sa.Column("application_digest", sa.String(32)),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Index("staff_audit_application", "application_digest"),
    sa.Index("staff_audit_conversation", "conversation"),
    sa.Index("staff_audit_who_at", "who", "at_s"),
)
sa.Table(
    "subscriptions",
    _TABLES,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("code", sa.String(64), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer(), nullable=False),
    sa.Column("told", sa.Integer(), nullable=False),
    sa.Column("begun_ms", sa.BigInteger(), nullable=False),
    sa.Column("ends_ms", sa.BigInteger(), nullable=False, index=True),
    sa.Index("subscriptions_who_what", "conversation", "code", unique=True),
)
sa.Table(
    "teaching_builds",
    _TABLES,
    sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("began_ms", sa.BigInteger(), nullable=False),
    sa.Column("began_by", sa.String(64), nullable=False),
    sa.Column("ended_ms", sa.BigInteger()),
    sa.Column("report", sa.Text()),
    sa.Column("first_live_ms", sa.BigInteger()),
    sa.Column("live_ms", sa.BigInteger()),
    sa.Column("live_by", sa.String(64)),
)
sa.Table(
    "teaching_proposals",
    _TABLES,
    sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column("made_ms", sa.BigInteger(), nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("is_name", sa.Boolean(), nullable=False),
    sa.Column("target", sa.String(64), nullable=False),
    sa.Column("words", sa.Text(), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("decided_ms", sa.BigInteger()),
    sa.Column("decided_by", sa.String(64)),
    sa.Column("reason", sa.Text()),
    sa.Column("file", sa.String(255)),
    sa.Column("build", sa.Integer()),
)
sa.Table(
    "teaching_settled",
    _TABLES,
    sa.Column("question", sa.String(32), primary_key=True),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False),
    sa.Column("proposal", sa.Integer(), index=True),
    sa.Column("words", sa.Text()),
)
sa.Table(
    "transcripts",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(32), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False, index=True),
    sa.Column("who", sa.String(8), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("outcome", sa.String(32)),
    sa.Column("buttons", sa.Text()),
    sa.Column("officer", sa.String(64)),
    sa.Index("transcripts_conversation", "conversation", "id"),
)
sa.Table(
    "turns",
    _TABLES,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(32), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("at_ms", sa.BigInteger(), nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("intent", sa.String(64)),
    sa.Column("procedure_codes", sa.Text(), nullable=False),
    sa.Column("life_event", sa.String(64)),
    sa.Column("took_ms", sa.Integer(), nullable=False),
    sa.Column("words", sa.Text()),
    sa.Index("turns_at", "at_ms"),
    sa.Index("turns_conversation_at", "conversation", "at_ms"),
    sa.Index(
        "turns_missed",
        "at_ms",
        sqlite_where=sa.text("words IS NOT NULL"),
        postgresql_where=sa.text("words IS NOT NULL"),
    ),
)
sa.Table(
    "watched",
    _TABLES,
    sa.Column("code", sa.String(64), primary_key=True),
    sa.Column("next_ms", sa.BigInteger(), nullable=False, index=True),
    sa.Column("is_waiting", sa.Boolean(), nullable=False),
    sa.Column("failures", sa.Integer(), nullable=False),
)
sa.Table(
    "zalo_inbox",
    _TABLES,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False),
    sa.Column("sealed", sa.Text(), nullable=False),
    sa.Column("sent_us", sa.BigInteger(), nullable=False),
    sa.Column("came_us", sa.BigInteger(), nullable=False, index=True),
    sa.Column("due_us", sa.BigInteger(), index=True),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.Index("zalo_inbox_turn", "conversation", "sent_us"),
)
sa.Table(
    "zalo_people",
    _TABLES,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("last_s", sa.BigInteger(), nullable=False, index=True),
    sa.Column("sent", sa.Integer(), nullable=False),
    sa.Column("has_left", sa.Boolean(), nullable=False),
)
sa.Table(
    "zalo_tokens",
    _TABLES,
    sa.Column("app_id", sa.String(64), primary_key=True),
    sa.Column("sealed", sa.Text(), nullable=False),
    sa.Column("is_lost", sa.BigInteger(), nullable=False),
    sa.Column("spent", sa.Text(), nullable=False),
    sa.Column("changed_s", sa.BigInteger(), nullable=False),
)
sa.Table(
    "zalo_turns",
    _TABLES,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("holder", sa.String(32), nullable=False),
    sa.Column("until_us", sa.BigInteger(), nullable=False),
)
sa.Table(
    "staff_sessions",
    _TABLES,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    sa.Column(
        "account_id", _NUMBER, sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("started_s", sa.BigInteger(), nullable=False, index=True),
    sa.Column("used_s", sa.BigInteger(), nullable=False),
)

#: Nobody may alter the audit log, the app neither.
_ADD_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER staff_audit_no_{kind.lower()} BEFORE {kind} ON staff_audit
        BEGIN SELECT RAISE(ABORT, 'staff_audit is append-only'); END"""
        for kind in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION staff_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'staff_audit is append-only'; END $$""",
        """CREATE TRIGGER staff_audit_add_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit
        FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_refuse()""",
    ],
}


def upgrade() -> None:
    """Make what is missing; what is there stays as it is."""
    connection = op.get_bind()
    there = sa.inspect(connection)
    known = {name: {column["name"] for column in there.get_columns(name)} for name in there.get_table_names()}
    _TABLES.create_all(connection, checkfirst=True)
    for table in _TABLES.sorted_tables:
        for column in table.columns if table.name in known else ():
            if column.name not in known[table.name]:
                op.add_column(table.name, sa.Column(column.name, column.type))
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    if "staff_audit" not in known:
        for statement in _ADD_ONLY[connection.dialect.name]:
            op.execute(statement)
