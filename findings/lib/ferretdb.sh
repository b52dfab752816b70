# To be sourced: a FerretDB 1.24.2 of our own, compiled from the Go module proxy, on loopback, with all its files in $folder, and
# pymongo. FerretDB is stopped, and $folder removed, when the script ends.
# Needs Go 1.24 or newer, and Python 3.11 or newer, with pip. Compiling takes a minute or two.

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

# Runs the Python program in standard input with FerretDB's URI as its argument. Prints what it prints, and fails when that is not
# what the lines of the script with "#> " say.
run() {
  cat >"$folder/main.py"
  PYTHONPATH="$folder/lib" python3 "$folder/main.py" "$(cat "$folder/uri")" | tee "$folder/seen"
  diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
}
