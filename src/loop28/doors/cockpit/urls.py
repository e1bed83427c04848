from django.urls import path

from loop28.doors.cockpit import care, earnings, moderation, offers, people, today, win_back

urlpatterns = [
    path("", today.today, name="host-today"),
    path("beat/<int:beat_id>/send", today.send, name="host-beat-send"),
    path("beat/<int:beat_id>/sent", today.mark_sent, name="host-beat-sent"),
    path("beat/<int:beat_id>/reply", today.reply, name="host-reply"),
    path("line/<int:line_id>/cards", today.cards, name="host-cards"),
    path("line/<int:line_id>/care", care.people, name="host-care"),
    path("line/<int:line_id>/spoken", care.spoken, name="host-spoken"),
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
    path("offers", offers.offers, name="host-offers"),
    path("offers/<int:offer_id>", offers.answer, name="host-offer-answer"),
    path("earnings", earnings.earnings, name="host-earnings"),
]
