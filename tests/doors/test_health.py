import pytest
from django.db import OperationalError

from loop28.kernel import clock
from loop28.kernel.jobs import pulse


@pytest.mark.django_db
def test_it_is_ready_while_database_and_worker_answer(client):
    assert client.get("/readyz").status_code == 503
    pulse.beat("one", clock.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "worker": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_without_a_database_it_lives_but_is_not_ready(client, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr("loop28.kernel.clock.now", away)
    assert client.get("/livez").json() == {"web": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "does not answer"


@pytest.mark.parametrize("where", ["/livez", "/readyz"])
def test_nothing_can_be_sent_there(client, where):
    assert client.post(where).status_code == 405
