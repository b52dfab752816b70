#!/usr/bin/env bash
# FerretDB 1.24.2 (github.com/FerretDB/FerretDB, a Go module): a write that wants no answer is answered, and the next operation on
# that connection gets the answer.
#
# Expected (MongoDB's OP_MSG specification): a request with the flag moreToCome, which drivers set for unacknowledged writes (w=0),
#   is not answered.
# Seen: the write is done and answered. A driver that does not wait for an answer reads it in place of the next one. pymongo
#   compares the request's id, so it fails a read that has nothing to do with the write, and closes the connection. In FerretDB's
#   code nothing looks at the flag.
# The output on 2026-12-01, with pymongo 4.20.1, Python 3.11 and Go 1.26:
#> insert, w=1: acknowledged True
#> find: {'_id': 1}
#> insert, w=0: acknowledged False
#> find: ProtocolError: Got response id N but expected N
#> find: {'_id': 1}
#> documents: 2
#
# Needs Go 1.24 or newer, and Python 3.11 or newer, with pip. Compiling takes a minute or two.
set -euo pipefail

source "$(dirname "$0")/lib/ferretdb.sh"

run <<'PYTHON'
import re
import sys

import pymongo


def find(collection):
    try:
        print("find:", collection.find_one({"_id": 1}))
    except pymongo.errors.ProtocolError as failure:
        print(f"find: ProtocolError: {re.sub('-?[0-9]+', 'N', str(failure))}")


with pymongo.MongoClient(sys.argv[1], directConnection=True) as client:
    collection = client.database.collection
    print("insert, w=1: acknowledged", collection.insert_one({"_id": 1}).acknowledged)
    find(collection)
    unacknowledged = collection.with_options(write_concern=pymongo.WriteConcern(w=0))
    print("insert, w=0: acknowledged", unacknowledged.insert_one({"_id": 2}).acknowledged)
    find(collection)
    find(collection)
    print("documents:", collection.count_documents({}))
PYTHON
