"""The doors and where they are."""

from django.urls import include, path

from loop28.doors import entry, health
from loop28.doors.console import signin
from loop28.doors.operation.page import metrics

handler400 = "loop28.doors.gate.not_understood"

urlpatterns = [
    path("", entry.home, name="home"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("m/<str:token>", entry.personal_link, name="personal_link"),
    path("consent", entry.consent, name="consent"),
    path("console/sign-in", signin.sign_in, name="login"),
    path("console/sign-out", signin.sign_out, name="logout"),
    path("console/password", signin.password, name="password"),
    path("console/enter/<int:user_id>/<str:token>", signin.enter, name="enter"),
    path("console/", include("loop28.doors.console.urls")),
    path("host/", include("loop28.doors.cockpit.urls")),
    path("", include("loop28.doors.member.urls")),
    path("api/", include("loop28.doors.api.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
