from django.urls import path

from loop28.doors.cockpit import earnings, moderation, people, today, win_back

urlpatterns = [
    path("", today.today, name="host-today"),
    path("beat/<int:beat_id>/send", today.send, name="host-beat-send"),
    path("beat/<int:beat_id>/reply", today.reply, name="host-reply"),
    path("line/<int:line_id>/people", people.people, name="host-people"),
    path("line/<int:line_id>/tick", people.tick, name="host-tick"),
    path("line/<int:line_id>/call", people.call, name="host-call"),
    path("line/<int:line_id>/invitations", people.invitations, name="host-invitations"),
    path("line/<int:line_id>/win-back", win_back.win_back, name="host-win-back"),
    path("complaints", moderation.index, name="host-complaints"),
    path("complaint/<int:complaint_id>", moderation.complaint, name="host-complaint"),
    path("message/<int:message_id>", moderation.message, name="host-message"),
    path("group/<int:group_id>/member/<int:member_id>", moderation.person, name="host-person"),
    path(
        "group/<int:group_id>/member/<int:member_id>/unmute",
        moderation.unmute,
        name="host-unmute",
    ),
    path("earnings", earnings.earnings, name="host-earnings"),
]
