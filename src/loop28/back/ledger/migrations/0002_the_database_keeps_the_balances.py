"""From here on a balance is what transfers made of it, whoever holds the connection.

A transfer that is written moves both balances by itself; nothing else can. What it may be is
`rules.ROUTES` as it is today: a way that is added there needs a migration like this one, and
tests/back/ledger/test_raw_sql.py says so.
"""

from django.db import migrations, models
from django.db.models import Q

_FUNDS = {"commission", "task_fee", "invitation", "prize", "service_fee", "correction"}
WAYS = sorted(
    f"{debit} {credit} {why}"
    for debit, credit, whys in [
        ("treasury", "budget", {"fund"}),
        ("budget", "packet", {"reserve"}),
        ("budget", "treasury", {"return"}),
        ("packet", "budget", {"return"}),
        ("packet", "wallet", {"gift"}),
        ("budget", "held", {"reserve"}),
        ("held", "budget", {"return"}),
        ("budget", "wallet", _FUNDS),
        ("held", "wallet", _FUNDS),
        ("treasury", "wallet", {"correction"}),
        ("wallet", "budget", {"correction"}),
        ("wallet", "treasury", {"correction"}),
        ("wallet", "paying", {"payout"}),
        ("paying", "wallet", {"correction"}),
        ("paying", "paid", {"payout"}),
        ("issuer", "wallet", _FUNDS),
        ("issuer", "held", {"reserve"}),
        ("held", "issuer", {"return"}),
        ("wallet", "issuer", {"return", "correction"}),
    ]
    for why in whys
)

_STAYS = "accounts stay as they were opened: only a transfer moves what is in them"
_NO_WAY = "there is no way for such a transfer between these accounts"

# Of a transfer t between the accounts d and c.
_LAWFUL = (
    "d.unit = t.unit AND c.unit = t.unit AND (c.kind = 'wallet') = (t.basis IS NOT NULL) "
    "AND d.kind || ' ' || c.kind || ' ' || COALESCE(t.basis, t.movement) IN ({ways})"
).format(ways=", ".join(f"'{way}'" for way in WAYS))
_REOPENED = (
    "OLD.owner <> NEW.owner OR OLD.kind <> NEW.kind OR OLD.unit <> NEW.unit "
    "OR OLD.floor IS {distinct} NEW.floor OR (OLD.closed AND NOT NEW.closed)"
)

POSTGRESQL = [
    f"CREATE FUNCTION ledger_account_stays() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$BEGIN RAISE EXCEPTION '{_STAYS}' USING ERRCODE = 'restrict_violation'; END$$",
    "CREATE TRIGGER ledger_account_empty BEFORE INSERT ON ledger_account FOR EACH ROW "
    "WHEN (NEW.balance <> 0) EXECUTE FUNCTION ledger_account_stays()",
    "CREATE TRIGGER ledger_account_stays BEFORE UPDATE ON ledger_account FOR EACH ROW "
    "WHEN ((OLD.balance <> NEW.balance AND pg_trigger_depth() = 0) "
    f"OR {_REOPENED.format(distinct='DISTINCT FROM')}) EXECUTE FUNCTION ledger_account_stays()",
    "CREATE TRIGGER ledger_account_kept BEFORE DELETE ON ledger_account FOR EACH ROW "
    "EXECUTE FUNCTION ledger_account_stays()",
    f"""
    CREATE FUNCTION ledger_transfer_books() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
      IF EXISTS (
        SELECT FROM posted t
        JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id
        WHERE ({_LAWFUL}) IS NOT TRUE
      ) THEN
        RAISE EXCEPTION '{_NO_WAY}' USING ERRCODE = 'check_violation';
      END IF;
      UPDATE ledger_account SET balance = balance + moved.fen FROM (
        SELECT account, SUM(amount) AS fen FROM (
          SELECT credit_id AS account, amount FROM posted
          UNION ALL SELECT debit_id, -amount FROM posted
        ) AS sides GROUP BY account
      ) AS moved WHERE id = moved.account;
      RETURN NULL;
    END$$
    """,
    "CREATE TRIGGER ledger_transfer_books AFTER INSERT ON ledger_transfer "
    "REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfer_books()",
]

# SQLite knows neither statement triggers nor their depth: `ledger_booking` says that a balance is
# just being moved by a transfer. It is empty whenever a statement ends.
SQLITE = [
    "CREATE TABLE ledger_booking (transfer bigint NOT NULL)",
    "CREATE TRIGGER ledger_account_empty BEFORE INSERT ON ledger_account WHEN NEW.balance <> 0 "
    f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END",
    "CREATE TRIGGER ledger_account_stays BEFORE UPDATE ON ledger_account "
    "WHEN (OLD.balance <> NEW.balance AND NOT EXISTS (SELECT 1 FROM ledger_booking)) "
    f"OR {_REOPENED.format(distinct='NOT')} BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END",
    "CREATE TRIGGER ledger_account_kept BEFORE DELETE ON ledger_account "
    f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END",
    f"""
    CREATE TRIGGER ledger_transfer_lawful BEFORE INSERT ON ledger_transfer WHEN NOT EXISTS (
      SELECT 1 FROM ledger_account d, ledger_account c
      WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id AND {_LAWFUL.replace("t.", "NEW.")}
    ) BEGIN SELECT RAISE(ABORT, '{_NO_WAY}'); END
    """,
    """
    CREATE TRIGGER ledger_transfer_books AFTER INSERT ON ledger_transfer BEGIN
      INSERT INTO ledger_booking VALUES (NEW.id);
      UPDATE ledger_account SET balance = balance - NEW.amount WHERE id = NEW.debit_id;
      UPDATE ledger_account SET balance = balance + NEW.amount WHERE id = NEW.credit_id;
      DELETE FROM ledger_booking;
    END
    """,
]


def keep(apps, schema_editor):
    ours = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in ours:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    # SQLite rebuilds a table for a constraint; then its triggers come.
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=Q(kind__in=["treasury", "issuer"], floor__isnull=True)
                | Q(
                    kind__in=["budget", "packet", "held", "wallet", "paying", "paid"],
                    floor__isnull=False,
                    floor=0,
                ),
                name="floor_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=Q(
                    unit="fen",
                    kind__in=["treasury", "budget", "packet", "held", "wallet", "paying", "paid"],
                )
                | Q(unit="points", kind__in=["held", "wallet", "issuer"]),
                name="unit_of_its_kind",
            ),
        ),
        migrations.RunPython(keep),
    ]
