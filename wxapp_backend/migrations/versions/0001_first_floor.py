"""Create the tables of the first floor.

Kind: expand (nothing runs on these tables yet).
Locks: none on existing tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wxapp_backend.infra.tables import UtcDateTime

revision = "0001_first_floor"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False, comment="for people"),
        sa.Column(
            "secret_hash",
            sa.LargeBinary(length=32),
            nullable=False,
            comment="SHA-256 of the 256-bit secret",
        ),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="list of words such as orders"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
    )
    op.create_table(
        "bot_callback",
        sa.Column("dedupe_key", sa.String(length=64), nullable=False),
        sa.Column(
            "account",
            sa.String(length=20),
            nullable=False,
            comment="official_account or mini_program",
        ),
        sa.Column(
            "kind", sa.String(length=60), nullable=False, comment="text, subscribe, scan, click …"
        ),
        sa.Column("reply", sa.String(length=2048), nullable=True, comment="text that was answered"),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dedupe_key", name=op.f("pk_bot_callback")),
    )
    with op.batch_alter_table("bot_callback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bot_callback_received_at"), ["received_at"], unique=False
        )

    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "version_id",
            sa.String(length=26),
            nullable=False,
            comment="the version that new referrals are pinned to",
        ),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_campaign_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("key", name=op.f("uq_campaign_key")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(
            "ix_campaign_ends_at_starts_at", ["ends_at", "starts_at"], unique=False
        )

    op.create_table(
        "coupon_template",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            nullable=False,
            comment="name given by who needs the coupons",
        ),
        sa.Column(
            "fingerprint", sa.String(length=64), nullable=False, comment="SHA-256 of the spec"
        ),
        sa.Column("spec", sa.JSON(), nullable=False, comment="domain.CouponSpec"),
        sa.Column(
            "stock", sa.Integer(), nullable=True, comment="most coupons ever; null: no limit"
        ),
        sa.Column(
            "issued", sa.Integer(), nullable=False, comment="coupons so far; kept if stock is set"
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("issued >= 0", name=op.f("ck_coupon_template_issued_not_negative")),
        sa.CheckConstraint(
            "stock IS NULL OR issued <= stock", name=op.f("ck_coupon_template_stock_not_overdrawn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_template")),
        sa.UniqueConstraint("key", "fingerprint", name=op.f("uq_coupon_template_key_fingerprint")),
    )
    op.create_table(
        "customer_scan",
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the code"),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("usable_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "store_id", name=op.f("pk_customer_scan")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "fingerprint",
            sa.LargeBinary(length=32),
            nullable=False,
            comment="SHA-256 of method, path and body",
        ),
        sa.Column(
            "status", sa.Integer(), nullable=False, comment="HTTP status of the stored answer"
        ),
        sa.Column(
            "body", sa.LargeBinary(), nullable=False, comment="body of the stored answer, JSON"
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "nickname", sa.String(length=64), nullable=True, comment="as written by the person"
        ),
        sa.Column(
            "avatar_key", sa.String(length=120), nullable=True, comment="key in the file storage"
        ),
        sa.Column(
            "name_style",
            sa.String(length=10),
            nullable=False,
            comment="how the person is named to a referrer",
        ),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("unionid", sa.String(length=128), nullable=True),
        sa.Column(
            "phone_last_four", sa.String(length=4), nullable=True, comment="of the newest phone"
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column(
            "joined_at",
            UtcDateTime(),
            nullable=True,
            comment="first contact through WeChat; null: known only by a phone number",
        ),
        sa.Column("merged_into", sa.String(length=26), nullable=True),
        sa.Column("merged_at", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "name_style IN ('masked', 'ms', 'mr')", name=op.f("ck_person_name_style_known")
        ),
        sa.CheckConstraint(
            "merged_into IS NULL OR merged_into <> id",
            name=op.f("ck_person_not_merged_into_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["person.id"], name=op.f("fk_person_merged_into_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("unionid", name=op.f("uq_person_unionid")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merged_at"), ["merged_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "person_tombstone",
        sa.Column(
            "digest",
            sa.LargeBinary(length=32),
            nullable=False,
            comment="HMAC-SHA256 of an id or phone",
        ),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_person_tombstone")),
    )
    op.create_table(
        "points_balance",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column(
            "available", sa.Integer(), nullable=False, comment="whole points that can be spent"
        ),
        sa.Column(
            "pending", sa.Integer(), nullable=False, comment="whole points promised for later"
        ),
        sa.Column(
            "debt", sa.Integer(), nullable=False, comment="whole points still to be taken back"
        ),
        sa.Column("entries", sa.Integer(), nullable=False, comment="length of the chain"),
        sa.Column("head", sa.String(length=64), nullable=False, comment="hash of the newest entry"),
        sa.CheckConstraint(
            "available >= 0", name=op.f("ck_points_balance_available_not_overdrawn")
        ),
        sa.CheckConstraint("debt >= 0", name=op.f("ck_points_balance_debt_not_negative")),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_points_balance_pending_not_overdrawn")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_points_balance")),
    )
    op.create_table(
        "points_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column(
            "sequence",
            sa.Integer(),
            nullable=False,
            comment="place in the customer's chain, from 1",
        ),
        sa.Column(
            "kind",
            sa.String(length=12),
            nullable=False,
            comment="says the two accounts, see domain.FLOWS",
        ),
        sa.Column("points", sa.Integer(), nullable=False, comment="whole points, > 0"),
        sa.Column("available_after", sa.Integer(), nullable=False),
        sa.Column("pending_after", sa.Integer(), nullable=False),
        sa.Column("debt_after", sa.Integer(), nullable=False),
        sa.Column(
            "reference",
            sa.String(length=160),
            nullable=False,
            comment="the one cause, e.g. referral:42:referrer:1",
        ),
        sa.Column(
            "title", sa.String(length=40), nullable=False, comment="what it is, for the customer"
        ),
        sa.Column(
            "source",
            sa.String(length=120),
            nullable=False,
            comment="what it is for, for the customer",
        ),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column(
            "previous", sa.String(length=64), nullable=False, comment="hash of the entry before"
        ),
        sa.Column(
            "hash", sa.String(length=64), nullable=False, comment="SHA-256 of the line, see domain"
        ),
        sa.CheckConstraint(
            "kind IN ('earned', 'promised', 'released', 'spent', 'returned', 'expired', 'reversed', 'withdrawn', 'owed', 'settled', 'moved_in', 'moved_out', 'pending_in', 'pending_out', 'debt_in', 'debt_out')",
            name=op.f("ck_points_entry_kind_known"),
        ),
        sa.CheckConstraint("points > 0", name=op.f("ck_points_entry_points_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_entry")),
        sa.UniqueConstraint(
            "person_id", "sequence", name=op.f("uq_points_entry_person_id_sequence")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_points_entry_reference")),
    )
    op.create_table(
        "poster_code",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("referral_code", sa.String(length=8), nullable=False),
        sa.Column(
            "target",
            sa.String(length=160),
            nullable=False,
            comment="page and version that it opens; a change makes anew",
        ),
        sa.Column(
            "payload", sa.String(length=200), nullable=False, comment="text to draw, or the scene"
        ),
        sa.Column(
            "image_key", sa.String(length=80), nullable=True, comment="storage key of the picture"
        ),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "referral_code", "target", name=op.f("pk_poster_code")),
    )
    op.create_table(
        "reward_coupon_use",
        sa.Column("redemption_id", sa.String(length=26), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_reward_coupon_use")),
    )
    with op.batch_alter_table("reward_coupon_use", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reward_coupon_use_campaign_id"), ["campaign_id"], unique=False
        )

    op.create_table(
        "reward_decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column(
            "round",
            sa.Integer(),
            nullable=False,
            comment="2 and more: an earlier visit was taken back",
        ),
        sa.Column("campaign_version_id", sa.String(length=26), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "rewards", sa.JSON(), nullable=False, comment="what was due: side, position, cost"
        ),
        sa.Column(
            "reasons", sa.JSON(), nullable=False, comment="what spoke against: code, message, side"
        ),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("round > 0", name=op.f("ck_reward_decision_round_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_decision")),
        sa.UniqueConstraint(
            "referral_id", "round", name=op.f("uq_reward_decision_referral_id_round")
        ),
        sa.UniqueConstraint(
            "referral_id", "visit_id", name=op.f("uq_reward_decision_referral_id_visit_id")
        ),
    )
    op.create_table(
        "store",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.String(length=60), nullable=False, comment="as customers read them"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
    )
    op.create_table(
        "tick",
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("job", "planned_at", name=op.f("pk_tick")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="1 for the first paid visit; 0: nothing was paid",
        ),
        sa.Column("order_no", sa.String(length=64), nullable=True),
        sa.Column("amount_fen", sa.Integer(), nullable=False, comment="paid, after discounts"),
        sa.Column("gross_fen", sa.Integer(), nullable=False, comment="the order before discounts"),
        sa.Column("refunded_fen", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False, comment="lines of the order"),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column(
            "reported_by_till",
            sa.Boolean(),
            nullable=False,
            comment="the till has reported the order",
        ),
        sa.Column("paid_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "source IN ('staff', 'till', 'redemption')", name=op.f("ck_visit_source_known")
        ),
        sa.CheckConstraint(
            "amount_fen >= 0 AND amount_fen <= gross_fen", name=op.f("ck_visit_amount_in_range")
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_visit_number_not_negative")),
        sa.CheckConstraint(
            "refunded_fen >= 0 AND refunded_fen <= amount_fen",
            name=op.f("ck_visit_refund_in_range"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_store_id_recorded_at"), ["store_id", "recorded_at"], unique=False
        )
        batch_op.create_index(
            "uq_visit_order_no",
            ["order_no"],
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )
        batch_op.create_index(
            "uq_visit_person_id_number",
            ["person_id", "number"],
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL AND number > 0"),
            postgresql_where=sa.text("cancelled_at IS NULL AND number > 0"),
        )

    op.create_table(
        "visit_counter",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "last_number >= 0", name=op.f("ck_visit_counter_last_number_not_negative")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_visit_counter")),
    )
    op.create_table(
        "campaign_budget",
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("reserved_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reserved_fen <= total_fen", name=op.f("ck_campaign_budget_never_overspent")
        ),
        sa.CheckConstraint(
            "reserved_fen >= 0", name=op.f("ck_campaign_budget_reserved_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_budget_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaign_budget")),
    )
    op.create_table(
        "campaign_reservation",
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column(
            "held_fen",
            sa.Integer(),
            nullable=False,
            comment="lowered when some of it turns out not needed",
        ),
        sa.Column("reserved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("held_fen >= 0", name=op.f("ck_campaign_reservation_held_not_negative")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_reservation_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("cause", name=op.f("pk_campaign_reservation")),
    )
    with op.batch_alter_table("campaign_reservation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_reservation_campaign_id"), ["campaign_id"], unique=False
        )

    op.create_table(
        "campaign_usage",
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rewarded_total", sa.Integer(), nullable=False),
        sa.Column("rewarded_today", sa.Integer(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False, comment="the day that rewarded_today counts"),
        sa.CheckConstraint(
            "rewarded_today >= 0", name=op.f("ck_campaign_usage_today_not_negative")
        ),
        sa.CheckConstraint(
            "rewarded_total >= 0", name=op.f("ck_campaign_usage_total_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_usage_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_campaign_usage_person_id_person")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_campaign_usage")),
    )
    op.create_table(
        "campaign_version",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="SHA-256 of the document, hex"
        ),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column(
            "templates",
            sa.JSON(),
            nullable=False,
            comment="coupon template of each coupon reward, by side:moment:position",
        ),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_campaign_version_number_positive")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_version_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_version")),
        sa.UniqueConstraint(
            "campaign_id", "digest", name=op.f("uq_campaign_version_campaign_id_digest")
        ),
        sa.UniqueConstraint(
            "campaign_id", "number", name=op.f("uq_campaign_version_campaign_id_number")
        ),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "version", sa.String(length=20), nullable=False, comment="of the text that was answered"
        ),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_person_id_kind"), ["person_id", "kind"], unique=False
        )

    op.create_table(
        "coupon",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("template_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("cause", sa.String(length=160), nullable=False, comment="what it was issued for"),
        sa.Column(
            "source", sa.String(length=60), nullable=True, comment="from whom, for the customer"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("valid_until", UtcDateTime(), nullable=False, comment="last valid second"),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "state IN ('available', 'used', 'expired', 'void')", name=op.f("ck_coupon_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["coupon_template.id"],
            name=op.f("fk_coupon_template_id_coupon_template"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("cause", name=op.f("uq_coupon_cause")),
    )
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coupon_person_id_state"), ["person_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_coupon_state_valid_until"), ["state", "valid_until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_coupon_template_id"), ["template_id"], unique=False)

    op.create_table(
        "coupon_allowance",
        sa.Column("template_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_coupon_allowance_taken_not_negative")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["coupon_template.id"],
            name=op.f("fk_coupon_allowance_template_id_coupon_template"),
        ),
        sa.PrimaryKeyConstraint("template_id", "person_id", name=op.f("pk_coupon_allowance")),
    )
    op.create_table(
        "event_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.String(length=80), nullable=False),
        sa.Column(
            "lock_key",
            sa.String(length=80),
            nullable=True,
            comment="deliveries of one key run one at a time, in order",
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column(
            "fence",
            sa.Integer(),
            nullable=False,
            comment="raised by each claim; who finishes must hold the newest",
        ),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'running', 'sending', 'unknown', 'done', 'dead')",
            name=op.f("ck_event_delivery_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_delivery_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_delivery")),
        sa.UniqueConstraint(
            "event_id", "subscriber", name=op.f("uq_event_delivery_event_id_subscriber")
        ),
    )
    with op.batch_alter_table("event_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_delivery_lock_key_state", ["lock_key", "state"], unique=False
        )
        batch_op.create_index("ix_event_delivery_state_run_at", ["state", "run_at"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column(
            "cause", sa.String(length=80), nullable=False, comment="e.g. referral:01h…:success"
        ),
        sa.Column(
            "about_id", sa.String(length=26), nullable=True, comment="friend whom it tells about"
        ),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(length=1200), nullable=False),
        sa.Column(
            "words", sa.String(length=500), nullable=True, comment="of the friend, quoted in it"
        ),
        sa.Column("values", sa.JSON(), nullable=False, comment="what templates may show"),
        sa.Column(
            "page",
            sa.String(length=120),
            nullable=False,
            comment="page of the mini-program it opens",
        ),
        sa.Column(
            "state",
            sa.String(length=12),
            nullable=False,
            comment="planned: channels are being tried; inbox_only: none reached the person",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'sent', 'inbox_only')", name=op.f("ck_message_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["person.id"], name=op.f("fk_message_about_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("cause", "person_id", name=op.f("uq_message_cause_person_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_about_id"), ["about_id"], unique=False)
        batch_op.create_index("ix_message_person_id_id", ["person_id", "id"], unique=False)

    op.create_table(
        "person_openid",
        sa.Column("app", sa.String(length=20), nullable=False),
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column(
            "following", sa.Boolean(), nullable=False, comment="of the official account only"
        ),
        sa.Column(
            "following_at", UtcDateTime(), nullable=True, comment="WeChat's time of the last news"
        ),
        sa.CheckConstraint(
            "app IN ('mini_program', 'official_account')", name=op.f("ck_person_openid_app_known")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_openid_person_id_person")
        ),
        sa.PrimaryKeyConstraint("app", "openid", name=op.f("pk_person_openid")),
    )
    with op.batch_alter_table("person_openid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_openid_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_phone",
        sa.Column(
            "phone_hash",
            sa.LargeBinary(length=32),
            nullable=False,
            comment="HMAC-SHA256 of the number in E.164 form",
        ),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_phone_person_id_person")
        ),
        sa.PrimaryKeyConstraint("phone_hash", name=op.f("pk_person_phone")),
    )
    with op.batch_alter_table("person_phone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_phone_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_session",
        sa.Column(
            "token_hash",
            sa.LargeBinary(length=32),
            nullable=False,
            comment="SHA-256 of the 256-bit token",
        ),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_session_person_id_person")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_person_session")),
    )
    with op.batch_alter_table("person_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_session_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_person_session_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "points_lot",
        sa.Column("entry_id", sa.String(length=26), nullable=False),
        sa.Column(
            "person_id",
            sa.String(length=26),
            nullable=False,
            comment="present owner: changes when persons are merged",
        ),
        sa.Column("granted", sa.Integer(), nullable=False, comment="whole points"),
        sa.Column(
            "remaining",
            sa.Integer(),
            nullable=False,
            comment="whole points not yet used, expired, taken back",
        ),
        sa.Column(
            "expired", sa.Integer(), nullable=False, comment="whole points that expired unused"
        ),
        sa.Column("is_pending", sa.Boolean(), nullable=False, comment="promised, not yet released"),
        sa.Column(
            "available_at", UtcDateTime(), nullable=True, comment="release of promised points"
        ),
        sa.Column("expires_at", UtcDateTime(), nullable=True, comment="null: never"),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "remaining >= 0 AND remaining <= granted", name=op.f("ck_points_lot_remaining_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["points_entry.id"], name=op.f("fk_points_lot_entry_id_points_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_points_lot")),
    )
    with op.batch_alter_table("points_lot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_points_lot_available_at"), ["available_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_points_lot_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_points_lot_person_id"), ["person_id"], unique=False)

    op.create_table(
        "poster",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("referral_code", sa.String(length=8), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False, comment="px"),
        sa.Column("height", sa.Integer(), nullable=False, comment="px"),
        sa.Column(
            "wanted_kind", sa.String(length=20), nullable=False, comment="code that was asked for"
        ),
        sa.Column(
            "code_kind", sa.String(length=20), nullable=False, comment="code on the kept picture"
        ),
        sa.Column(
            "payload",
            sa.String(length=200),
            nullable=False,
            comment="text inside the code on the kept picture",
        ),
        sa.Column(
            "image_key",
            sa.String(length=32),
            nullable=False,
            comment="unguessable part of the picture's address",
        ),
        sa.Column(
            "content_key",
            sa.String(length=64),
            nullable=True,
            comment="name of what is on the kept picture; null if none is kept",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "code_kind IN ('qr', 'official_account', 'mini_program')",
            name=op.f("ck_poster_code_kind_known"),
        ),
        sa.CheckConstraint(
            "wanted_kind IN ('qr', 'official_account', 'mini_program')",
            name=op.f("ck_poster_wanted_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_poster_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poster")),
        sa.UniqueConstraint("image_key", name=op.f("uq_poster_image_key")),
        sa.UniqueConstraint(
            "person_id",
            "campaign_id",
            "template",
            "width",
            "height",
            "wanted_kind",
            name=op.f("uq_poster_person_id_campaign_id_template_width_height_wanted_kind"),
        ),
    )
    with op.batch_alter_table("poster", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_poster_referral_code"), ["referral_code"], unique=False
        )

    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referrer_id", sa.String(length=26), nullable=False),
        sa.Column("friend_id", sa.String(length=26), nullable=False),
        sa.Column(
            "bound_friend_id",
            sa.String(length=26),
            nullable=True,
            comment="the friend, from the claim on; unique",
        ),
        sa.Column(
            "presented_id",
            sa.String(length=26),
            nullable=True,
            comment="whose code was claimed, where the first touch was another's",
        ),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column(
            "campaign_version_id",
            sa.String(length=26),
            nullable=True,
            comment="pinned at the claim",
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column(
            "expires_at", UtcDateTime(), nullable=True, comment="until then the friend may come"
        ),
        sa.Column("qualifying_visit_id", sa.String(length=26), nullable=True),
        sa.Column(
            "reasons", sa.JSON(), nullable=False, comment="why it earns nothing: code, message"
        ),
        sa.CheckConstraint(
            "state <> 'touched' OR bound_friend_id IS NULL",
            name=op.f("ck_referral_touch_binds_not"),
        ),
        sa.CheckConstraint(
            "state IN ('touched', 'claimed', 'qualified', 'pending', 'rewarded', 'rejected', 'reversed', 'expired')",
            name=op.f("ck_referral_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'qualified', 'pending') OR bound_friend_id IS NOT NULL",
            name=op.f("ck_referral_live_is_bound"),
        ),
        sa.CheckConstraint(
            "bound_friend_id IS NULL OR bound_friend_id = friend_id",
            name=op.f("ck_referral_bound_to_its_friend"),
        ),
        sa.CheckConstraint("referrer_id <> friend_id", name=op.f("ck_referral_not_oneself")),
        sa.ForeignKeyConstraint(
            ["friend_id"], ["person.id"], name=op.f("fk_referral_friend_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["referrer_id"], ["person.id"], name=op.f("fk_referral_referrer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("bound_friend_id", name=op.f("uq_referral_bound_friend_id")),
        sa.UniqueConstraint(
            "referrer_id", "friend_id", name=op.f("uq_referral_referrer_id_friend_id")
        ),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_campaign_id_state"), ["campaign_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_referral_friend_id"), ["friend_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referral_qualifying_visit_id"), ["qualifying_visit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_referrer_id_id"), ["referrer_id", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_state_expires_at"), ["state", "expires_at"], unique=False
        )

    op.create_table(
        "referral_code",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column(
            "current_for",
            sa.String(length=26),
            nullable=True,
            comment="the owner, on the one code that is handed out; also the lock",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "current_for IS NULL OR current_for = person_id",
            name=op.f("ck_referral_code_current_for_its_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_referral_code")),
        sa.UniqueConstraint("current_for", name=op.f("uq_referral_code_current_for")),
    )
    with op.batch_alter_table("referral_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "referral_share",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_share_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_share")),
    )
    with op.batch_alter_table("referral_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_share_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_share_person_id_id"), ["person_id", "id"], unique=False
        )

    op.create_table(
        "referral_touch",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referrer_id", sa.String(length=26), nullable=False),
        sa.Column("friend_id", sa.String(length=26), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False, comment="calendar day in Asia/Shanghai"),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("referrer_id <> friend_id", name=op.f("ck_referral_touch_not_oneself")),
        sa.ForeignKeyConstraint(
            ["friend_id"], ["person.id"], name=op.f("fk_referral_touch_friend_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["referrer_id"], ["person.id"], name=op.f("fk_referral_touch_referrer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_touch")),
        sa.UniqueConstraint(
            "friend_id",
            "referrer_id",
            "on_day",
            name=op.f("uq_referral_touch_friend_id_referrer_id_on_day"),
        ),
    )
    with op.batch_alter_table("referral_touch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_touch_referrer_id"), ["referrer_id"], unique=False
        )

    op.create_table(
        "refund",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column("refund_no", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column(
            "refunded_total_fen",
            sa.Integer(),
            nullable=False,
            comment="of the visit, this one included",
        ),
        sa.Column("refunded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_refund_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("visit_id", "refund_no", name=op.f("uq_refund_visit_id_refund_no")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column(
            "shared", sa.Boolean(), nullable=False, comment="the writer lets the referrer read it"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("next_check_at", UtcDateTime(), nullable=True, comment="ask WeChat again then"),
        sa.CheckConstraint(
            "state IN ('checking', 'published', 'held')", name=op.f("ck_review_state_known")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_review_rating_in_range")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_review_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_review_visit_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_next_check_at"), ["next_check_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_review_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reward_grant",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("campaign_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="place in the campaign's list, from 0"
        ),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("coupon_id", sa.String(length=26), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False, comment="as people read it"),
        sa.Column(
            "cost_fen", sa.Integer(), nullable=False, comment="the most that it costs the shop"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("available_at", UtcDateTime(), nullable=True, comment="until then it is pending"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "side IN ('friend', 'referrer')", name=op.f("ck_reward_grant_side_known")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'granted', 'cancelled')", name=op.f("ck_reward_grant_state_known")
        ),
        sa.CheckConstraint(
            "(points IS NULL) <> (coupon_id IS NULL)", name=op.f("ck_reward_grant_points_or_coupon")
        ),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_reward_grant_cost_not_negative")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["reward_decision.id"],
            name=op.f("fk_reward_grant_decision_id_reward_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reward_grant_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_grant")),
        sa.UniqueConstraint("cause", name=op.f("uq_reward_grant_cause")),
    )
    with op.batch_alter_table("reward_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reward_grant_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reward_grant_coupon_id"), ["coupon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reward_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reward_grant_state_available_at"),
            ["state", "available_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_reward_grant_referral_id_side_position_in_force",
            ["referral_id", "side", "position"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.create_table(
        "staff",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("role IN ('clerk', 'manager')", name=op.f("ck_staff_role_known")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_staff_person_id_person")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_staff_store_id_store")),
        sa.PrimaryKeyConstraint("person_id", "store_id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_store_id"), ["store_id"], unique=False)

    op.create_table(
        "staff_invite",
        sa.Column(
            "code_hash",
            sa.LargeBinary(length=32),
            nullable=False,
            comment="HMAC-SHA256 of the code",
        ),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_by", sa.String(length=26), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("role IN ('clerk', 'manager')", name=op.f("ck_staff_invite_role_known")),
        sa.CheckConstraint(
            "(used_by IS NULL) = (used_at IS NULL)", name=op.f("ck_staff_invite_use_whole")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_staff_invite_store_id_store")
        ),
        sa.ForeignKeyConstraint(
            ["used_by"], ["person.id"], name=op.f("fk_staff_invite_used_by_person")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_staff_invite")),
    )
    with op.batch_alter_table("staff_invite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_invite_store_id"), ["store_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_invite_used_by"), ["used_by"], unique=False)

    op.create_table(
        "subscription_right",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_subscription_right_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subscription_right_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "template_id", name=op.f("pk_subscription_right")),
    )
    op.create_table(
        "coupon_scan",
        sa.Column("coupon_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False, comment="period of the code that was read"),
        sa.Column("usable_until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name=op.f("fk_coupon_scan_coupon_id_coupon")
        ),
        sa.PrimaryKeyConstraint("coupon_id", "store_id", name=op.f("pk_coupon_scan")),
    )
    op.create_table(
        "message_attempt",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column(
            "result",
            sa.String(length=16),
            nullable=False,
            comment="sending: the first call is under way; repeating: after an unknown end",
        ),
        sa.Column("code", sa.Integer(), nullable=True, comment="WeChat's error code"),
        sa.Column(
            "wechat_id", sa.String(length=64), nullable=True, comment="WeChat's id of the message"
        ),
        sa.Column(
            "final_status",
            sa.String(length=40),
            nullable=True,
            comment="what WeChat reported afterwards",
        ),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "result IN ('sending', 'repeating', 'sent', 'refused', 'misconfigured', 'invalid', 'unknown', 'undelivered')",
            name=op.f("ck_message_attempt_result_known"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_attempt_message_id_message")
        ),
        sa.PrimaryKeyConstraint("message_id", "channel", name=op.f("pk_message_attempt")),
    )
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_attempt_wechat_id"), ["wechat_id"], unique=False
        )

    op.create_table(
        "points_lot_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("entry_id", sa.String(length=26), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points <> 0", name=op.f("ck_points_lot_use_points_not_zero")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["points_entry.id"], name=op.f("fk_points_lot_use_entry_id_points_entry")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["points_lot.entry_id"], name=op.f("fk_points_lot_use_lot_id_points_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_lot_use")),
    )
    with op.batch_alter_table("points_lot_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_points_lot_use_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_points_lot_use_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "redemption",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coupon_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column(
            "staff_id", sa.String(length=26), nullable=False, comment="person who redeemed it"
        ),
        sa.Column("order_no", sa.String(length=64), nullable=True),
        sa.Column("order_amount_fen", sa.Integer(), nullable=False, comment="before the discount"),
        sa.Column("discount_fen", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column(
            "made_visit",
            sa.Boolean(),
            nullable=False,
            comment="nobody had reported the order before",
        ),
        sa.Column("redeemed_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=26), nullable=True),
        sa.CheckConstraint(
            "discount_fen >= 0 AND discount_fen <= order_amount_fen",
            name=op.f("ck_redemption_discount_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name=op.f("fk_redemption_coupon_id_coupon")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
    )
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redemption_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_redemption_store_id_redeemed_at"),
            ["store_id", "redeemed_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_redemption_coupon_id_in_force",
            ["coupon_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.create_index(
            "uq_redemption_visit_id_in_force",
            ["visit_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "referral_benefit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("coupon_id", sa.String(length=26), nullable=True),
        sa.Column(
            "cost_fen", sa.Integer(), nullable=False, comment="the most that it costs the shop"
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_benefit_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_benefit")),
        sa.UniqueConstraint("cause", name=op.f("uq_referral_benefit_cause")),
    )
    with op.batch_alter_table("referral_benefit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_benefit_coupon_id"), ["coupon_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_benefit_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_step_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_step")),
    )
    with op.batch_alter_table("referral_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_step_referral_id_id"), ["referral_id", "id"], unique=False
        )

    op.create_table(
        "referral_visit",
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column("referral_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=26), nullable=False),
        sa.Column("paid_at", UtcDateTime(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("refunded_fen", sa.Integer(), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False, comment="the campaign counts it"),
        sa.Column(
            "is_return", sa.Boolean(), nullable=False, comment="far enough from the one before it"
        ),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_visit_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_referral_visit")),
    )
    with op.batch_alter_table("referral_visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_visit_referral_id"), ["referral_id"], unique=False
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("referral_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_visit_referral_id"))

    op.drop_table("referral_visit")
    with op.batch_alter_table("referral_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_step_referral_id_id"))

    op.drop_table("referral_step")
    with op.batch_alter_table("referral_benefit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_benefit_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_benefit_coupon_id"))

    op.drop_table("referral_benefit")
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_redemption_visit_id_in_force",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_redemption_coupon_id_in_force",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_redemption_store_id_redeemed_at"))
        batch_op.drop_index(batch_op.f("ix_redemption_person_id"))

    op.drop_table("redemption")
    with op.batch_alter_table("points_lot_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_points_lot_use_lot_id"))
        batch_op.drop_index(batch_op.f("ix_points_lot_use_entry_id"))

    op.drop_table("points_lot_use")
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_attempt_wechat_id"))

    op.drop_table("message_attempt")
    op.drop_table("coupon_scan")
    op.drop_table("subscription_right")
    with op.batch_alter_table("staff_invite", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_invite_used_by"))
        batch_op.drop_index(batch_op.f("ix_staff_invite_store_id"))

    op.drop_table("staff_invite")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_store_id"))

    op.drop_table("staff")
    with op.batch_alter_table("reward_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reward_grant_referral_id_side_position_in_force",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_reward_grant_state_available_at"))
        batch_op.drop_index(batch_op.f("ix_reward_grant_person_id"))
        batch_op.drop_index(batch_op.f("ix_reward_grant_coupon_id"))
        batch_op.drop_index(batch_op.f("ix_reward_grant_campaign_id"))

    op.drop_table("reward_grant")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_person_id"))
        batch_op.drop_index(batch_op.f("ix_review_next_check_at"))

    op.drop_table("review")
    op.drop_table("refund")
    with op.batch_alter_table("referral_touch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_touch_referrer_id"))

    op.drop_table("referral_touch")
    with op.batch_alter_table("referral_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_share_person_id_id"))
        batch_op.drop_index(batch_op.f("ix_referral_share_campaign_id"))

    op.drop_table("referral_share")
    with op.batch_alter_table("referral_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_code_person_id"))

    op.drop_table("referral_code")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_state_expires_at"))
        batch_op.drop_index(batch_op.f("ix_referral_referrer_id_id"))
        batch_op.drop_index(batch_op.f("ix_referral_qualifying_visit_id"))
        batch_op.drop_index(batch_op.f("ix_referral_friend_id"))
        batch_op.drop_index(batch_op.f("ix_referral_campaign_id_state"))

    op.drop_table("referral")
    with op.batch_alter_table("poster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poster_referral_code"))

    op.drop_table("poster")
    with op.batch_alter_table("points_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_points_lot_person_id"))
        batch_op.drop_index(batch_op.f("ix_points_lot_expires_at"))
        batch_op.drop_index(batch_op.f("ix_points_lot_available_at"))

    op.drop_table("points_lot")
    with op.batch_alter_table("person_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_person_session_expires_at"))

    op.drop_table("person_session")
    with op.batch_alter_table("person_phone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_phone_person_id"))

    op.drop_table("person_phone")
    with op.batch_alter_table("person_openid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_openid_person_id"))

    op.drop_table("person_openid")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_person_id_id")
        batch_op.drop_index(batch_op.f("ix_message_about_id"))

    op.drop_table("message")
    with op.batch_alter_table("event_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_event_delivery_state_run_at")
        batch_op.drop_index("ix_event_delivery_lock_key_state")

    op.drop_table("event_delivery")
    op.drop_table("coupon_allowance")
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coupon_template_id"))
        batch_op.drop_index(batch_op.f("ix_coupon_state_valid_until"))
        batch_op.drop_index(batch_op.f("ix_coupon_person_id_state"))

    op.drop_table("coupon")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_person_id_kind"))

    op.drop_table("consent")
    op.drop_table("campaign_version")
    op.drop_table("campaign_usage")
    with op.batch_alter_table("campaign_reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_reservation_campaign_id"))

    op.drop_table("campaign_reservation")
    op.drop_table("campaign_budget")
    op.drop_table("visit_counter")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visit_person_id_number",
            sqlite_where=sa.text("cancelled_at IS NULL AND number > 0"),
            postgresql_where=sa.text("cancelled_at IS NULL AND number > 0"),
        )
        batch_op.drop_index(
            "uq_visit_order_no",
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_store_id_recorded_at"))

    op.drop_table("visit")
    op.drop_table("tick")
    op.drop_table("store")
    op.drop_table("reward_decision")
    with op.batch_alter_table("reward_coupon_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reward_coupon_use_campaign_id"))

    op.drop_table("reward_coupon_use")
    op.drop_table("poster_code")
    op.drop_table("points_entry")
    op.drop_table("points_balance")
    op.drop_table("person_tombstone")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merged_into"))
        batch_op.drop_index(batch_op.f("ix_person_merged_at"))

    op.drop_table("person")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_created_at"))

    op.drop_table("idempotency_key")
    op.drop_table("event")
    op.drop_table("customer_scan")
    op.drop_table("coupon_template")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_ends_at_starts_at")

    op.drop_table("campaign")
    with op.batch_alter_table("bot_callback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bot_callback_received_at"))

    op.drop_table("bot_callback")
    op.drop_table("api_key")
