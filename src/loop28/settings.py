"""Every setting, and the few that the environment may decide; a bad value stops the start loudly.

LOOP28_HOME           folder for the database, the secret key and uploads  default: ./var
LOOP28_DATABASE_URL   sqlite:///… or postgresql://…                        default: SQLite in HOME
LOOP28_HOSTS          host names the pages are served under, comma-separated  default: localhost
LOOP28_URL            public address used in links and QR codes            default: http://localhost:8028
LOOP28_TRUSTED_PROXIES addresses or networks of the web servers in front of this one, which say in
                      X-Forwarded-For whom they answer, comma-separated
                      default: with https this machine, else none
LOOP28_METRICS_TOKEN  opens /metrics to whoever shows it                   default: /metrics is shut
LOOP28_ERASED         file of who was erased, if possible on another disk   default: erased in HOME
LOOP28_DEBUG          1 for tracebacks in the browser, never in production default: 0
"""

import os
import secrets
import sqlite3
import sys
import tempfile
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).parent
Network = IPv4Network | IPv6Network


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def _networks(name: str, default: str) -> list[Network]:
    try:
        return [ip_network(one.strip()) for one in os.environ.get(name, default).split(",") if one]
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} must be addresses or networks: {wrong}") from None


def _token(name: str) -> str:
    value = os.environ.get(name, "")
    if value and len(value) < 20:
        raise ImproperlyConfigured(f"{name} must have 20 characters or more, or be left out")
    return value


def _secret_key(home: Path) -> str:
    """The installation's own key, made at the first start and kept beside its data."""
    file = home / "secret-key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, and the first one stays: web and worker may start at the same time.
        with tempfile.NamedTemporaryFile("w", dir=home) as fresh, suppress(FileExistsError):
            fresh.write(secrets.token_urlsafe(48))
            fresh.flush()
            os.link(fresh.name, file)
    return file.read_text()


def _database(home: Path) -> dj_database_url.DBConfig:
    """Where everything is kept; which kinds there are is decided further down."""
    url = os.environ.get("LOOP28_DATABASE_URL", f"sqlite:///{home / 'loop28.sqlite3'}")
    try:
        return dj_database_url.parse(url)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"LOOP28_DATABASE_URL {url!r}: {wrong}") from None


HOME = Path(os.environ.get("LOOP28_HOME", "var")).resolve()
URL = os.environ.get("LOOP28_URL", "http://localhost:8028").rstrip("/")
DEBUG = _flag("LOOP28_DEBUG")
SECRET_KEY = _secret_key(HOME)
if not urlsplit(URL).hostname:
    raise ImproperlyConfigured(f"LOOP28_URL must be an address such as https://…, not {URL!r}")
ALLOWED_HOSTS = os.environ.get("LOOP28_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SECURE = URL.startswith("https://")
# With https somebody else holds the certificate, usually beside us.
TRUSTED_PROXIES = _networks("LOOP28_TRUSTED_PROXIES", "127.0.0.0/8,::1" if SECURE else "")
METRICS_TOKEN = _token("LOOP28_METRICS_TOKEN")

# The order is the house from the ground up; reactions run upward in it.
HOUSE = [
    "loop28.kernel.journal",
    "loop28.kernel.jobs",
    "loop28.back.ledger",
    "loop28.back.people",
    "loop28.back.compliance",
    "loop28.back.finance",
    "loop28.middle.members",
    "loop28.middle.content",
    "loop28.middle.orders",
    "loop28.front.playbooks",
    "loop28.front.events",
    "loop28.front.groups",
    "loop28.front.lines",
    "loop28.front.circles",
    "loop28.front.clubs",
    "loop28.front.referrals",
    "loop28.front.tempo",
    "loop28.front.rewards",
    "loop28.front.packets",
    "loop28.front.tasks",
    "loop28.front.evidence",
    "loop28.front.ladder",
    "loop28.front.watch",
    "loop28.front.privacy",
    "loop28.insight.metrics",
    "loop28.doors.console",
    "loop28.doors.cockpit",
    "loop28.doors.member",
    "loop28.doors.api",
    "loop28.doors.cli",
    "loop28.rehearsal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "loop28.ui",
    *HOUSE,
]
MIDDLEWARE = [
    "loop28.doors.operation.requests.RequestMiddleware",
    "loop28.doors.operation.forwarded.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages only: on phones every kilobyte is waited for
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "loop28.doors.gate.kept_by_nobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "loop28.doors.gate.GateMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "doors" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
ROOT_URLCONF = "loop28.urls"
WSGI_APPLICATION = "loop28.wsgi.application"

# ── Database ────────────────────────────────────────────────────────────────────────────────────
DATABASES = {"default": _database(HOME)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if DATABASES["default"]["NAME"] == ":memory:":
        raise ImproperlyConfigured("LOOP28_DATABASE_URL must name a file, as in sqlite:///FILE")
    # SQLite before 3.51.3 (3.50.7, 3.44.6) can lose commits in WAL mode when several connections
    # write and checkpoint at once; there the slower rollback journal is the safe one.
    _version = sqlite3.sqlite_version_info
    _wal_is_safe = (
        _version >= (3, 51, 3)
        or (3, 50, 7) <= _version < (3, 51)
        or (3, 44, 6) <= _version < (3, 45)
    )
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={'WAL' if _wal_is_safe else 'TRUNCATE'};"
            "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            "PRAGMA secure_delete=ON"  # who was erased is not to be found in the file, either
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A cut network must be noticed: without these psycopg hangs for more than forty seconds. What a
    # stopped worker holds is freed by the idle limit; the server notices by the same signs, a
    # little later, that who is cut off is gone, and frees what they hold. On its own machine's
    # socket these mean nothing.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 5000,
        "server_side_binding": True,  # so that the arrays of a batch travel in binary
        "prepare_threshold": 5,  # what is asked again and again is planned once
        "options": "-c idle_in_transaction_session_timeout=30000 -c tcp_keepalives_idle=5"
        " -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("LOOP28_DATABASE_URL must begin with sqlite:// or postgresql://")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Chat platforms: name → adapter, a `groups.chat.Chat` ────────────────────────────────────────
CHAT = {"house": "loop28.adapters.chat.house.HouseChat"}

# ── Sign-in ─────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/console/sign-in"
PASSWORD_RESET_TIMEOUT = 3600  # seconds a one-time sign-in link is good for
SESSION_COOKIE_AGE = 2 * 3600  # without a sign of life; `doors.sessions` ends the longest
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
ERASED = Path(os.environ.get("LOOP28_ERASED", HOME / "erased")).resolve()
MEDIA_ROOT = HOME / "uploads"  # served by no address: each page asks who is looking

# ── Words, numbers, files ───────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
# Words of the folders that are no apps of their own.
LOCALE_PATHS = [PACKAGE / "kernel" / "locale", PACKAGE / "doors" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORM_RENDERER = "loop28.ui.forms.Renderer"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
# A person before a screen reads words about what went wrong; everybody else gets all of it as JSON.
_ON_A_SCREEN = DEBUG or sys.stderr.isatty()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": "loop28.kernel.logs.Lines"},
        "readable": {"()": "loop28.kernel.logs.Readable"},
    },
    # Django tells of every answer that is a "no". So do we; what it adds is the error behind it.
    "filters": {"errors": {"()": "loop28.kernel.logs.Errors"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "readable" if _ON_A_SCREEN else "lines",
        },
        "counts": {"class": "loop28.doors.operation.counts.Counting", "level": "WARNING"},
    },
    "root": {"handlers": ["console", "counts"], "level": "WARNING"},
    "loggers": {
        "loop28": {"level": "WARNING" if sys.stderr.isatty() and not DEBUG else "INFO"},
        "_granian": {"level": "ERROR"},  # the web server, which brings a handler of its own
        "django.request": {"level": "ERROR", "filters": ["errors"]},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
