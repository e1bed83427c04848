from django.urls import path

from loop28.doors.member import chat, circles, joining, me, packets, tasks, today, wallet
from loop28.doors.member import path as way

urlpatterns = [
    path("j/<str:token>", joining.join, name="join"),
    path("today", today.today, name="today"),
    path("path", way.path, name="path"),
    path("groups", chat.list_groups, name="groups"),
    path("group/<int:group_id>", chat.group, name="group"),
    path("group/<int:group_id>/new", chat.fresh, name="group-new"),
    path("group/<int:group_id>/say", chat.say, name="group-say"),
    path("group/<int:group_id>/leave", circles.leave, name="circle-leave"),
    path("group/invite/<int:invite_id>", circles.answer, name="circle-answer"),
    path("group/card/<int:beat_id>", circles.send_card, name="circle-card"),
    path("line/<int:line_id>/opt-in", chat.opt_in, name="opt-in"),
    path("line/<int:line_id>/check-in", tasks.check_in, name="check-in"),
    path("line/<int:line_id>/leave", me.leave, name="leave"),
    path("task/<int:assignment_id>", tasks.task, name="task"),
    path("task/<int:assignment_id>/tell", tasks.tell_host, name="task-tell"),
    path("packet/<int:packet_id>", packets.packet, name="packet"),
    path("packet/<int:packet_id>/open", packets.open_packet, name="packet-open"),
    path("wallet", wallet.wallet, name="wallet"),
    path("wallet/payout", wallet.payout, name="payout"),
    path("me", me.me, name="me"),
    path("me/end-links", me.end_links, name="end-links"),
    path("invite", me.invite, name="invite"),
    path("certificate/<int:line_id>", me.certificate, name="certificate"),
]
