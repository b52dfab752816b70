#!/usr/bin/env bash
# RabbitMQ 3.10.8 (Debian 12, rabbitmq-server 3.10.8-1.1+deb12u1): a message that it returns has another reply-to.
#
# Expected: basic.return brings a mandatory message back as it was published. A client needs that to know which one it is,
#   because basic.return does not name the publish.
# Seen: with direct reply-to (the reply-to is amq.rabbitmq.reply-to, and the channel consumes from it) the message comes back
#   with the name that the broker made for whoever answers. Nothing else is changed, and no other reply-to is.
# The output on 2026-11-29, with pika 1.3.2. What is different each time is shown as (made); an example of it:
# g1h2AA5yZXBseUA1MjUzNTk0MAAAArEAAAAAawvCeQ==.JBvZdxsr00Mfha8KjhdcBg==
#> published: reply_to amq.rabbitmq.reply-to, correlation_id 1, message_id m
#> returned: reply_to amq.rabbitmq.reply-to.(made), correlation_id 1, message_id m
#> published: reply_to answers, correlation_id 1, message_id m
#> returned: reply_to answers, correlation_id 1, message_id m
#
# Needs Python 3 and that package.
set -euo pipefail
. "$(dirname "$0")/lib/rabbitmq.sh"

start
python "$port" <<'PYTHON' | tee "$folder/seen"
import re
import sys

import pika

MADE = re.compile(r"(amq\.rabbitmq\.reply-to\.)[A-Za-z0-9+/=.]+")


def show(what, properties):
    reply_to = MADE.sub(r"\1(made)", properties.reply_to)
    print(f"{what}: reply_to {reply_to}, correlation_id {properties.correlation_id}, message_id {properties.message_id}")


def publish(connection, reply_to):
    """Publishes to a queue that does not exist, and shows what comes back."""
    channel = connection.channel()
    channel.basic_consume("amq.rabbitmq.reply-to", lambda *reply: None, auto_ack=True)
    returned = []
    channel.add_on_return_callback(lambda channel, method, properties, body: returned.append(properties))
    properties = pika.BasicProperties(reply_to=reply_to, correlation_id="1", message_id="m")
    channel.basic_publish("", "nowhere", b"question", properties, mandatory=True)
    # Answered after what was published.
    channel.basic_qos(prefetch_count=1)
    connection.process_data_events(time_limit=0)
    show("published", properties)
    for each in returned:
        show("returned", each)


connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
publish(connection, "amq.rabbitmq.reply-to")
publish(connection, "answers")
connection.close()
PYTHON
diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
