#!/usr/bin/env bash
# pymongo 4.20.1: of several compressors it uses the server's first one, not the client's.
#
# Expected (MongoDB's OP_COMPRESSED specification): clients MUST use the first compressor in the client's configured compressors list
#   that is also in the servers list. pymongo's documentation says this, too.
# Seen: pymongo uses the first one of the list in the server's hello, whatever the order in the URI. Node's driver 7.9.0 keeps to
#   its own order. mongod answers in the client's order, so the difference shows with other servers and with proxies, whose
#   list may have an order of its own.
# The output on 2026-12-01, with Python 3.11 and Node 20, by a server that gives every request the same answer:
#> client zlib,snappy; server zlib,snappy: pymongo zlib, Node's driver zlib
#> client zlib,snappy; server snappy,zlib: pymongo snappy, Node's driver zlib
#> client snappy,zlib; server zlib,snappy: pymongo zlib, Node's driver snappy
#
# Needs Python 3.11 or newer, with pip, and Node 20.19 or newer, with npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --target "$folder/lib" \
  pymongo==4.20.1 dnspython==2.9.2 python-snappy==0.7.3 cramjam==2.14.0 >&2
npm install --silent --no-audit --no-fund --prefix "$folder" mongodb@7.9.0 snappy@7.4.3 >&2

cat >"$folder/ping.js" <<'JAVASCRIPT'
const { MongoClient } = require("mongodb");

const client = new MongoClient(process.argv[2]);
client.db("admin").command({ ping: 1 }).then(() => client.close());
JAVASCRIPT

cat >"$folder/compare.py" <<'PYTHON'
import socket
import struct
import subprocess
import sys
import threading

import bson
import pymongo

OP_REPLY, OP_QUERY, OP_COMPRESSED, OP_MSG = 1, 2004, 2012, 2013
NAMES = {1: "snappy", 2: "zlib"}
HELLO = {"ok": 1, "isWritablePrimary": True, "ismaster": True, "minWireVersion": 0, "maxWireVersion": 21}


def serve(stream, compressors, used):
    """Gives every request the same answer, and keeps which compressors the requests have."""
    answer = bson.encode({**HELLO, "compression": compressors})
    while header := stream.read(16):
        length, request, _, operation = struct.unpack("<4i", header)
        body = stream.read(length - 16)
        if operation == OP_COMPRESSED:
            # After the wrapped operation and its size.
            used.add(NAMES[body[8]])
        if operation == OP_QUERY:
            reply = struct.pack("<4iiqii", 36 + len(answer), 0, request, OP_REPLY, 0, 0, 0, 1)
        else:
            reply = struct.pack("<4iiB", 21 + len(answer), 0, request, OP_MSG, 0, 0)
        stream.write(reply + answer)
        stream.flush()


def compressors_of(ping, client, server):
    """What a driver's requests are compressed with, when the client and the server name these compressors."""
    used = set()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept():
            while True:
                stream = listening.accept()[0].makefile("rwb")
                threading.Thread(target=serve, args=(stream, server, used), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        ping(f"mongodb://127.0.0.1:{listening.getsockname()[1]}/?directConnection=true&compressors={','.join(client)}")
    return ",".join(sorted(used))


def by_pymongo(uri):
    with pymongo.MongoClient(uri) as client:
        client.admin.command("ping")


def by_node(uri):
    subprocess.run(["node", sys.argv[1], uri], check=True)


for client, server in (
    (["zlib", "snappy"], ["zlib", "snappy"]),
    (["zlib", "snappy"], ["snappy", "zlib"]),
    (["snappy", "zlib"], ["zlib", "snappy"]),
):
    print(
        f"client {','.join(client)}; server {','.join(server)}:",
        f"pymongo {compressors_of(by_pymongo, client, server)},",
        f"Node's driver {compressors_of(by_node, client, server)}",
    )
PYTHON

PYTHONPATH="$folder/lib" python3 "$folder/compare.py" "$folder/ping.js" | tee "$folder/seen"
diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
