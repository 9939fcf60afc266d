import json
import os
import pika

connection = pika.BlockingConnection(pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost")))
channel = connection.channel()
queue = "example.ended-calls"  # yours alone: events wait in it while you are away
channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
channel.queue_bind(queue, "discador.events", "call.ended.#")
channel.basic_qos(prefetch_count=100)

seen = {}  # better: a unique key in the database, written in the transaction of your work
for method, _, body in channel.consume(queue):
    event = json.loads(body)
    if event["id"] not in seen:
        print(event["data"]["callId"], event["data"]["disposition"], event["data"]["durationMs"], "ms", flush=True)
    seen[event["id"]] = True
    if len(seen) > 100_000:
        del seen[next(iter(seen))]
    channel.basic_ack(method.delivery_tag)
