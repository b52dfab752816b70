#!/usr/bin/env bash
# FerretDB 1.24.2 (github.com/FerretDB/FerretDB, a Go module): a tailable cursor ends with its first batch, if that has all documents.
#
# Expected (MongoDB's manual, "Tailable Cursors"): a tailable cursor stays open after the client has read all that there is, and
#   gives what is inserted later. It may be dead from the beginning only if the query has found nothing.
# Seen: the answer to find has the cursor id 0 when its batch, 101 documents if nothing else is said, has all documents of the
#   collection. So nobody hears of later ones, although tailing works: with a batchSize of no more documents than there are, the
#   cursor stays open and gives them.
# The output on 2026-12-01, with pymongo 4.20.1, Python 3.11 and Go 1.26:
#> TAILABLE, no batchSize: alive False, read [0, 1, 2], later []
#> TAILABLE, batchSize 2: alive True, read [0, 1, 2], later [3]
#> TAILABLE_AWAIT, no batchSize: alive False, read [0, 1, 2], later []
#> TAILABLE_AWAIT, batchSize 2: alive True, read [0, 1, 2], later [3]
#
# Needs Go 1.24 or newer, and Python 3.11 or newer, with pip. Compiling takes a minute or two.
set -euo pipefail

source "$(dirname "$0")/lib/ferretdb.sh"

run <<'PYTHON'
import sys

import pymongo
from pymongo import CursorType


def read(cursor):
    """Up to the end, or up to where the server has no more for now."""
    read = []
    while (document := next(cursor, None)) is not None:
        read.append(document["_id"])
    return read


def tail(collection, cursor_type, batch_size):
    collection.insert_many({"_id": i} for i in range(3))
    cursor = collection.find(cursor_type=cursor_type, batch_size=batch_size)
    before = read(cursor)
    alive = cursor.alive
    collection.insert_one({"_id": 3})
    return f"alive {alive}, read {before}, later {read(cursor)}"


with pymongo.MongoClient(sys.argv[1], directConnection=True) as client:
    for name in ("TAILABLE", "TAILABLE_AWAIT"):
        for batch_size in (0, 2):
            collection = client.database.create_collection(f"{name}{batch_size}", capped=True, size=100_000)
            how = f"batchSize {batch_size}" if batch_size else "no batchSize"
            print(f"{name}, {how}:", tail(collection, getattr(CursorType, name), batch_size))
PYTHON
