package dev.polywire.spi;

import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.service.AmqpVerticle;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A broker that is asked for one thing: to take messages under confirms, one at a time, or to delete queues. */
class AmqpStand extends LoopStand {

    @Override
    String protocol() {
        return "amqp";
    }

    @Override
    String address() {
        return "polywire.amqp";
    }

    @Override
    Calls calls() {
        return new Calls("publish", List.of("basic.publish"));
    }

    @Override
    JsonObject body(About about) {
        return new JsonObject()
                .put("message", new JsonObject().put("routingKey", about.name()).put("text", "x"));
    }

    @Override
    void deploy() {
        int port = serving.join(
                () -> new ScriptedBroker(serving.vertx(), EndpointOptions.of("127.0.0.1", 0), this::asked).listen());
        deploy(
                new AmqpVerticle(spi),
                new JsonObject()
                        .put("uri", "amqp://127.0.0.1:" + relayTo(port).port())
                        .put("failFast", true)
                        .put("maxUnconfirmed", 1));
        use();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof ContentMethod.Publish publish) {
            return published(client, asked, About.valueOf(publish.routingKey()));
        } else if (asked.method() instanceof QueueMethod.Delete delete) {
            return deleted(client, asked, About.valueOf(delete.queue()));
        }
        return false;
    }

    boolean published(ScriptedClient client, AmqpServerEvent.Method asked, About about) {
        long number = client.published(asked.channel());
        switch (about) {
            case REFUSED -> client.send(asked.channel(), new BasicMethod.Nack(number, false, false));
            case HELD, FILLING -> hold(() -> client.send(asked.channel(), new BasicMethod.Ack(number, false)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean deleted(ScriptedClient client, AmqpServerEvent.Method asked, About about) {
        switch (about) {
            case REFUSED -> client.closeChannel(asked.channel(), ReplyCode.NOT_FOUND, "no");
            case HELD, FILLING -> hold(() -> client.answer(asked));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Deletes, of which one is on its way at a time. */
    static final class Deleting extends AmqpStand {

        @Override
        Calls calls() {
            return new Calls("queueDelete", List.of("queue.delete"));
        }

        @Override
        JsonObject body(About about) {
            return new JsonObject().put("queue", about.name());
        }

        /** It is not asked for before the one before it is answered. */
        @Override
        List<String> waiting() {
            return List.of();
        }
    }

    /** Requests, each of which is a publish and a reply. */
    static final class Requesting extends AmqpStand {

        @Override
        Calls calls() {
            return new Calls("request", List.of("request", "basic.publish"));
        }

        @Override
        boolean published(ScriptedClient client, AmqpServerEvent.Method asked, About about) {
            if (about == About.REFUSED) {
                return super.published(client, asked, about);
            }
            Runnable reply = () -> client.send(
                    asked.channel(), new ContentMethod.Deliver("replies", 1, false, "", "replies"), asked.content());
            if (about == About.FILLING) {
                super.published(client, asked, about);
                hold(reply);
                return true;
            }
            client.answer(asked);
            if (about == About.HELD) {
                hold(reply);
            } else {
                reply.run();
            }
            return true;
        }

        @Override
        List<String> refused() {
            return List.of("request failed", "basic.publish sent failed");
        }

        @Override
        List<String> late() {
            return List.of("request sent givenUp", "basic.publish sent answered");
        }

        @Override
        List<String> lost() {
            return List.of("request sent failed", "basic.publish sent answered");
        }

        @Override
        List<String> filling() {
            return List.of("request", "basic.publish sent");
        }
    }
}
