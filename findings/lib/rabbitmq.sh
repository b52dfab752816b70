# To be sourced: a RabbitMQ 3.10.8 of our own from Debian 12's package, on loopback, with all its files in $folder, and pika,
# a client in Python. RabbitMQ is stopped, and $folder removed, when the script ends.

home=/usr/lib/rabbitmq
if [ ! -d "$home/lib/rabbitmq_server-3.10.8" ]; then
  echo "RabbitMQ 3.10.8 is missing: apt-get install rabbitmq-server=3.10.8-1.1+deb12u1" >&2
  exit 2
fi

folder=$(mktemp -d)
broker=
mapper=

# Waits until a process has ended.
await_end() {
  while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
}

# Ends what was started, and all that was written.
finish() {
  for process in $broker $mapper; do
    kill -KILL "$process" 2>/dev/null || true
    await_end "$process"
  done
  rm -rf "$folder"
}
trap finish EXIT

python3 -m venv "$folder/python"
"$folder/python/bin/pip" install -q --disable-pip-version-check pika==1.3.2

# Three ports that are free: for clients, for the node, for Erlang's port mapper.
read -r port node_port mapper_port < <(python3 - <<'PYTHON'
import random
import socket

sockets = []
while len(sockets) < 3:
    listening = socket.socket()
    try:
        # Below the ports that Linux gives to outgoing connections.
        listening.bind(("127.0.0.1", random.randint(20000, 29999)))
        sockets.append(listening)
    except OSError:
        pass
print(*(each.getsockname()[1] for each in sockets))
PYTHON
)

export HOME="$folder" LANG=C.UTF-8
export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT="$mapper_port"
export RABBITMQ_NODENAME="finding-$port@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port"
export RABBITMQ_DIST_PORT="$node_port"
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
export RABBITMQ_MNESIA_BASE="$folder/data" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_PID_FILE="$folder/pid"
export RABBITMQ_GENERATED_CONFIG_DIR="$folder/generated" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins"
# Not the system's own.
export RABBITMQ_CONF_ENV_FILE="$folder/none" RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf"
export RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced.config"
# The shell that starts the broker becomes the broker, so that its process is the broker's.
export RABBITMQ_ALLOW_INPUT=1
echo "[]." >"$folder/enabled_plugins"
echo "disk_free_limit.absolute = 1MB" >"$folder/rabbitmq.conf"

# Starts the broker. Its process is $broker.
launch() {
  "$home/bin/rabbitmq-server" -noinput </dev/null >>"$folder/output" 2>&1 &
  broker=$!
  # Or bash tells of each kill.
  disown
}

# Starts the broker and waits until clients can connect.
start() {
  launch
  until (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if ! kill -0 "$broker" 2>/dev/null; then
      cat "$folder/output" >&2
      exit 2
    fi
    sleep 0.2
  done
}

# Runs the Python program that it reads.
python() {
  "$folder/python/bin/python" - "$@"
}

# Without one of ours the broker would start one that outlives it.
epmd -address 127.0.0.1 -port "$mapper_port" >>"$folder/output" 2>&1 &
mapper=$!
disown
