#!/usr/bin/env bash
# FerretDB 1.24.2 (github.com/FerretDB/FerretDB, a Go module): a cursor ends with the connection that opened it.
#
# Expected (MongoDB's manual, "Cursors"): a cursor is closed when it is read to its end, killed, unused for 10 minutes, or when its
#   session ends. A driver sends each getMore on any connection of its pool, and may close those that are idle.
# Seen: when the pool closes the connection on which the find was sent, here for maxIdleTimeMS, the next getMore is refused with code
#   43. Without maxIdleTimeMS the same pause does no harm. So a reader who takes longer over a batch than connections may be idle
#   loses the rest, and so does one behind a proxy that closes idle connections.
# The output on 2026-12-01, with pymongo 4.20.1, Python 3.11 and Go 1.26:
#> {}: [0, 1, 2, 3]
#> {'maxIdleTimeMS': 100}: [0, 1], CursorNotFound 43
#
# Needs Go 1.24 or newer, and Python 3.11 or newer, with pip. Compiling takes a minute or two.
set -euo pipefail

source "$(dirname "$0")/lib/ferretdb.sh"

run <<'PYTHON'
import sys
import time

import pymongo


def read(options):
    """Finds four documents, two in a batch, and does something else for a second between the batches."""
    read = []
    with pymongo.MongoClient(sys.argv[1], directConnection=True, **options) as client:
        cursor = client.database.collection.find(sort={"_id": 1}, batch_size=2)
        try:
            for document in cursor:
                read.append(document["_id"])
                if len(read) == 2:
                    time.sleep(1)
        except pymongo.errors.CursorNotFound as failure:
            return f"{read}, CursorNotFound {failure.code}"
    return read


with pymongo.MongoClient(sys.argv[1], directConnection=True) as client:
    client.database.collection.insert_many({"_id": i} for i in range(4))
for options in ({}, {"maxIdleTimeMS": 100}):
    print(f"{options}: {read(options)}")
PYTHON
