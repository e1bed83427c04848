"""What a packet promised when it was issued, no statement by hand changes: see the ledger's 0002."""

from django.db import migrations, models
from django.db.models import F, Q

_STAYS = "shares stay as they were split, and are opened once"
_TOO_MUCH = "the shares of a packet are as many as it says, and add up to it"
_CHANGED = (
    "OLD.packet_id <> NEW.packet_id OR OLD.number <> NEW.number OR OLD.fen <> NEW.fen "
    "OR (OLD.member_id IS NOT NULL AND NEW.member_id IS NULL)"
)
_SUM = "(SELECT SUM(s.fen) FROM packets_share s WHERE s.packet_id = p.beat_id)"

POSTGRESQL = [
    "CREATE FUNCTION packets_share_stays() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$BEGIN RAISE EXCEPTION '{_STAYS}' USING ERRCODE = 'restrict_violation'; END$$",
    "CREATE TRIGGER packets_share_stays BEFORE UPDATE ON packets_share FOR EACH ROW "
    f"WHEN ({_CHANGED}) EXECUTE FUNCTION packets_share_stays()",
    "CREATE TRIGGER packets_share_kept BEFORE DELETE ON packets_share FOR EACH ROW "
    "EXECUTE FUNCTION packets_share_stays()",
    f"""
    CREATE FUNCTION packets_share_fits() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
      IF EXISTS (
        SELECT FROM packets_packet p WHERE p.beat_id IN (SELECT packet_id FROM split)
        AND ({_SUM} <> p.total OR EXISTS (
          SELECT FROM split WHERE packet_id = p.beat_id AND number NOT BETWEEN 1 AND p.count
        ))
      ) THEN
        RAISE EXCEPTION '{_TOO_MUCH}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END$$
    """,
    "CREATE TRIGGER packets_share_fits AFTER INSERT ON packets_share REFERENCING NEW TABLE AS split "
    "FOR EACH STATEMENT EXECUTE FUNCTION packets_share_fits()",
]

# Row by row there: so the sum is looked at when the last share is written.
SQLITE = [
    f"CREATE TRIGGER packets_share_stays BEFORE UPDATE ON packets_share WHEN {_CHANGED} "
    f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END",
    "CREATE TRIGGER packets_share_kept BEFORE DELETE ON packets_share "
    f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END",
    f"""
    CREATE TRIGGER packets_share_fits AFTER INSERT ON packets_share WHEN EXISTS (
      SELECT 1 FROM packets_packet p WHERE p.beat_id = NEW.packet_id AND (
        NEW.number NOT BETWEEN 1 AND p.count OR (NEW.number = p.count AND {_SUM} <> p.total)
      )
    ) BEGIN SELECT RAISE(ABORT, '{_TOO_MUCH}'); END
    """,
]


def keep(apps, schema_editor):
    ours = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in ours:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("packets", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "packet",
            models.CheckConstraint(
                condition=Q(taken_fen__gte=0, returned_fen__gte=0)
                & Q(taken_fen__lte=F("total") - F("returned_fen")),
                name="no_more_than_it_holds",
            ),
        ),
        migrations.AddConstraint(
            "share",
            models.CheckConstraint(
                condition=Q(member=None, taken_at=None)
                | Q(member__isnull=False, taken_at__isnull=False),
                name="opened_by_somebody",
            ),
        ),
        migrations.RunPython(keep),
    ]
