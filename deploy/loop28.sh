#!/bin/sh
# As root: `loop28 doctor` and every other command, on the installation of this machine.
# Copy to /usr/local/bin/loop28.
set -eua
. /etc/loop28.env
cd /srv/loop28
exec runuser -u loop28 -- /srv/loop28/program/.venv/bin/loop28 "$@"
