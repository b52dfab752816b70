#!/usr/bin/env bash
# neo4rs 0.8.0, a Rust crate: the integers -1 to -16 in results are read as 255 to 240.
#
# Expected: PackStream has one byte for each of -16 to 127, which is the number itself in two's complement.
# Seen: the byte is read without its sign, so -1 becomes 255; -17, which has a byte for its type before it, is right. The same is true
#   of the directions in paths, which are such integers. What the driver sends is right.
# The output on 2026-11-30, with Rust 1.95, by a server of a few lines that gives one row to each query:
#> served: [-1, -16, -17, 127]
#> read: [255, 240, -17, 127]
#
# Needs cargo and Python 3.9 or newer. Compiling takes a minute or two.
set -euo pipefail

folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2021"

[dependencies]
neo4rs = "=0.8.0"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
TOML

cat >"$folder/src/main.rs" <<'RUST'
#[tokio::main]
async fn main() {
    let uri = format!("bolt://127.0.0.1:{}", std::env::args().nth(1).unwrap());
    let graph = neo4rs::Graph::new(uri, "", "").await.unwrap();
    let mut rows = graph.execute(neo4rs::query("RETURN [-1, -16, -17, 127] AS n")).await.unwrap();
    let row = rows.next().await.unwrap().unwrap();
    println!("read: {:?}", row.get::<Vec<i64>>("n").unwrap());
}
RUST

cat >"$folder/server.py" <<'PYTHON'
import socket

SUCCESS = bytes.fromhex("b170a0")
GREETING = b"\xb1\x70\xa2\x86server\x8bNeo4j/4.1.0\x8dconnection_id\x81x"
FIELDS = b"\xb1\x70\xa1\x86fields\x91\x81n"
# [[-1, -16, -17, 127]]
RECORD = bytes.fromhex("b171" "91" "94" "ff" "f0" "c8ef" "7f")
ANSWERS = {0x01: [GREETING], 0x10: [FIELDS], 0x3F: [RECORD, SUCCESS]}


def serve(stream):
    stream.read(20)
    stream.write(b"\x00\x00\x01\x04")
    stream.flush()
    while True:
        message = b""
        while length := int.from_bytes(stream.read(2), "big"):
            message += stream.read(length)
        if not message:
            return
        for answer in ANSWERS.get(message[1], [SUCCESS]):
            stream.write(len(answer).to_bytes(2, "big") + answer + b"\x00\x00")
        stream.flush()


listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
while True:
    serve(listening.accept()[0].makefile("rwb"))
PYTHON

cargo build --quiet --manifest-path "$folder/Cargo.toml" >&2
python3 "$folder/server.py" >"$folder/port" &
server=$!
until [ -s "$folder/port" ]; do sleep 0.1; done
{
  echo "served: [-1, -16, -17, 127]"
  "$folder/target/debug/finding" "$(cat "$folder/port")"
} | tee "$folder/seen"
diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
