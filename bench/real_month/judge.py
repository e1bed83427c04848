"""Was every beat of every line done, once? Read from the tables, with SQL of its own."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

_BEATS = """
WITH facts AS (
    SELECT kind, (data->>'beat')::bigint AS beat, count(*) AS times FROM journal_entry
    WHERE kind IN ('BeatDue', 'HandBeatDone', 'BeatSkipped') GROUP BY 1, 2
), said AS (
    SELECT ref AS beat, group_id, kind = 'packet' AS packet, count(*) AS times
    FROM groups_message WHERE member_id IS NULL AND ref IS NOT NULL GROUP BY 1, 2, 3
), beats AS (
    SELECT b.*, b.kind = 'packet' AS packet, b.by_host AND b.kind <> 'packet' AS told_by_hand,
        CASE WHEN b.state <> 'done' THEN 0
            WHEN b.kind = 'packet' OR b.payload->>'text' <> '' THEN 1 ELSE 0 END AS words,
        coalesce(due.times, 0) AS due, coalesce(hand.times, 0) AS by_hand,
        coalesce(late.times, 0) AS late, coalesce(said.times, 0) AS said,
        (SELECT count(*) FROM packets_packet p WHERE p.beat_id = b.id) AS packets
    FROM lines_beat b
    LEFT JOIN facts due ON due.kind = 'BeatDue' AND due.beat = b.id
    LEFT JOIN facts hand ON hand.kind = 'HandBeatDone' AND hand.beat = b.id
    LEFT JOIN facts late ON late.kind = 'BeatSkipped' AND late.beat = b.id
    JOIN lines_phase phase ON phase.id = b.phase_id
    LEFT JOIN said ON said.beat = b.id AND said.group_id = phase.group_id
        AND said.packet = (b.kind = 'packet')
)
"""
_WRONG = {
    "not done": "state = 'planned' AND NOT by_host AND due_at <= %(now)s",
    "failed": "state = 'failed'",
    "skipped, and not a host's": "state = 'skipped' AND NOT by_host",
    "fired not once": "due <> CASE WHEN state = 'done' AND NOT told_by_hand THEN 1 ELSE 0 END",
    "done by hand not once": "by_hand <> CASE WHEN state = 'done' AND by_host THEN 1 ELSE 0 END",
    "skipped not once": "late <> CASE WHEN state = 'skipped' THEN 1 ELSE 0 END",
    "said not once": "said <> words",
    "a packet not once": "packets <> CASE WHEN state = 'done' AND packet THEN 1 ELSE 0 END",
    "too early": "state = 'done' AND NOT by_host AND done_at < due_at",
}
_TWICE = """
SELECT m.group_id, left(text, 20), count(*) FROM groups_message m
JOIN lines_phase USING (group_id)
WHERE member_id IS NULL AND kind IN ('talk', 'call', 'tasks') GROUP BY 1, text, left(text, 20)
HAVING count(*) > (
    SELECT count(*) FROM lines_beat b JOIN lines_phase p ON p.id = b.phase_id
    WHERE p.group_id = m.group_id AND b.payload->>'text' = m.text
)
"""
_COUNTS = """
SELECT count(*) AS beats, count(DISTINCT line_id) AS lines,
    count(*) FILTER (WHERE state = 'done' AND NOT by_host) AS done_by_workers,
    count(*) FILTER (WHERE state = 'done' AND by_host) AS done_by_hosts,
    count(*) FILTER (WHERE state = 'skipped') AS cards_too_late,
    count(*) FILTER (WHERE state = 'planned' AND by_host) AS cards_left,
    coalesce(max(extract(epoch FROM done_at - due_at))
        FILTER (WHERE state = 'done' AND NOT by_host), 0)::float AS latest_s
FROM lines_beat
"""
_LENGTHS = "SELECT DISTINCT count(*) FROM lines_beat GROUP BY line_id"


def wrongs(now: Any) -> list[str]:
    """What did not happen, or more than once, a sentence each."""
    return list(_wrongs(now))


def counts() -> dict[str, float]:
    """How many beats there were, and what became of them."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def _wrongs(now: Any) -> Iterator[str]:
    for what, where in _WRONG.items():
        for number, code, key, part in _rows(
            f"{_BEATS} SELECT beats.id, l.code, key, part FROM beats "  # noqa: S608
            f"JOIN lines_line l ON l.id = line_id WHERE {where} ORDER BY beats.id",
            {"now": now},
        ):
            yield f"beat {number}, {key}.{part} of {code}: {what}"
    for group, text, times in _rows(_TWICE):
        yield f"group {group}: {text!r} was said {times} times"
    if len(lengths := [length for (length,) in _rows(_LENGTHS)]) > 1:
        yield f"lines have different numbers of beats: {sorted(lengths)}"


def _rows(sql: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
