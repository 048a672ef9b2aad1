#!/usr/bin/env python3
"""Hands a task to the fleet over AMQP and prints the answer.

Needs pika (Debian: python3-pika) and the URL of an AMQP client:

    ./fleet client create hello
    examples/python/hello.py 'amqp://hello:...@127.0.0.1:5672/%2F'
"""

import json
import os
import sys
import uuid
from urllib.parse import unquote, urlparse

try:
    import pika
except ImportError:
    sys.exit("hello: pika is missing: apt-get install python3-pika, or pip install pika")

PATIENCE_SECONDS = 120


def ask(channel, user, text):
    """Returns the type of the answer (succeeded, failed, ...) and the answer."""
    # A client may declare only queues whose names start with its own and a dot. This one goes away
    # with the connection; a durable queue would keep answers until the client comes back.
    reply_to = "hello-" + uuid.uuid4().hex
    queue = user + "." + reply_to
    channel.queue_declare(queue, exclusive=True)
    channel.queue_bind(queue, "llm.results", f"*.*.{user}.{reply_to}")

    # With confirms and mandatory the call below returns only if a queue has taken the task. The
    # message id makes it safe to send the task again where that is not known.
    channel.confirm_delivery()
    question = str(uuid.uuid4())
    channel.basic_publish(
        exchange="llm.submit." + user,
        routing_key="chat.any",
        body=json.dumps({"text": text}).encode(),
        properties=pika.BasicProperties(
            content_type="application/json",
            delivery_mode=2,
            message_id=question,
            correlation_id=question,
            reply_to=reply_to,
        ),
        mandatory=True,
    )

    for method, properties, body in channel.consume(queue, inactivity_timeout=PATIENCE_SECONDS):
        if method is None:
            sys.exit(f"hello: no answer after {PATIENCE_SECONDS} seconds")
        channel.basic_ack(method.delivery_tag)
        # An answer may come twice; the id tells to which question it belongs.
        if properties.correlation_id == question:
            return properties.headers["llm-outcome"], json.loads(body)


def main():
    url = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("AMQP_URL")
    if not url:
        sys.exit("usage: hello.py URL [TEXT], with the URL that ./fleet client create prints")
    text = sys.argv[2] if len(sys.argv) > 2 else "Hello, world!"
    try:
        connection = pika.BlockingConnection(pika.URLParameters(url))
    except pika.exceptions.AMQPError as error:
        sys.exit(f"hello: the broker does not let us in: {error!r}")
    outcome, answer = ask(connection.channel(), unquote(urlparse(url).username), text)
    connection.close()
    if outcome != "succeeded":
        failure = answer.get("failure", {})
        sys.exit(f"hello: {outcome}: {failure.get('code')}: {failure.get('message')}")
    print(answer["output"]["choices"][0]["message"]["content"])


if __name__ == "__main__":
    main()
