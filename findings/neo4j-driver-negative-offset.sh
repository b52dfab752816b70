#!/usr/bin/env bash
# neo4j-driver 1.7.6 (neo4j-driver on PyPI): times west of Greenwich are sent with an offset a day too great.
#
# Expected: the offset of a time or datetime is the seconds east of UTC, so -03:30 is -12600.
# Seen: the driver sends the part of a negative offset below a day: -03:30 goes as 73800, that is +20:30, which no zone has; a server
#   that checks the range refuses the query. Offsets east of Greenwich are right, and so are named zones. Times that the server
#   sends are read rightly, and version 5.28 sends these rightly, too.
# The output on 2026-11-30, with Python 3.11:
#> 02:00 east: 7200
#> 03:30 west, a time: 73800
#> 03:30 west, a datetime: 73800
#
# Needs Python 3.9 or newer, with pip.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --target "$folder/lib" \
  neo4j-driver==1.7.6 neobolt==1.7.17 neotime==1.7.4 pytz==2026.6 six==1.17.0 >&2

PYTHONPATH="$folder/lib" python3 -W ignore - <<'PYTHON' | tee "$folder/seen"
import pytz
from neo4j.types.temporal import dehydrate_datetime, dehydrate_time
from neotime import DateTime, Time

east, west = pytz.FixedOffset(120), pytz.FixedOffset(-210)
print("02:00 east:", dehydrate_time(Time(1, 2, 3, east)).fields[1])
print("03:30 west, a time:", dehydrate_time(Time(1, 2, 3, west)).fields[1])
print("03:30 west, a datetime:", dehydrate_datetime(west.localize(DateTime(2024, 2, 29, 1, 2, 3))).fields[2])
PYTHON
diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
