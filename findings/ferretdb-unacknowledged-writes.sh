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

folder=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap finish EXIT

python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --target "$folder/lib" \
  pymongo==4.20.1 dnspython==2.9.2 >&2

mkdir "$folder/server" "$folder/data"
cat >"$folder/server/main.go" <<'GO'
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[1] + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.MongoDBURI())
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := server.Run(ended); err != nil {
		log.Fatal(err)
	}
}
GO

cat >"$folder/write.py" <<'PYTHON'
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

(
  export GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0
  cd "$folder/server"
  go mod init finding
  go get github.com/FerretDB/FerretDB@v1.24.2
  go build -mod=mod -ldflags '-s -w' -tags ferretdb_no_postgresql -o "$folder/ferretdb" .
) >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 2; }

"$folder/ferretdb" "$folder/data" >"$folder/uri" 2>"$folder/log" &
server=$!
until [ -s "$folder/uri" ]; do
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 2; }
  sleep 0.1
done
PYTHONPATH="$folder/lib" python3 "$folder/write.py" "$(cat "$folder/uri")" | tee "$folder/seen"
diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
