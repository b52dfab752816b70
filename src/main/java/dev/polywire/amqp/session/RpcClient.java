package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for replies, on a channel that publishes and consumes, as direct reply-to requires. If the broker does
 * not have it, replies go to an exclusive queue, whose name the broker generates.
 */
final class RpcClient implements Publisher.Kind {

    /** RabbitMQ's name for the channel's own replies. */
    private static final String DIRECT = "amq.rabbitmq.reply-to";

    private final Publisher publisher;
    private final int maxPending;
    private final Map<String, PendingReply> pending = new LinkedHashMap<>();
    private String replyTo = DIRECT;
    private long lastId;
    private long late;

    /** A waiting request; "sent" means that the broker has it, so only the reply is missing. */
    private static final class PendingReply extends Call<AmqpReply> {

        /** The caller's correlation id. */
        final @Nullable String original;

        PendingReply(@Nullable String original, Deadline deadline) {
            super(true, deadline);
            this.original = original;
        }

        @Override
        protected String operation() {
            return "request";
        }
    }

    RpcClient(RecoveringConnection connection, PublishOptions options, Publisher.Gate gate) {
        this.maxPending = options.maxUnconfirmed() + options.maxWaiting();
        PublishOptions once =
                new PublishOptions(options.maxUnconfirmed(), options.maxWaiting(), options.maxWaitingBytes(), false);
        this.publisher = new Publisher(connection, once, gate, this);
    }

    Future<AmqpReply> request(AmqpPublish asked, Deadline deadline) {
        if (pending.size() >= maxPending) {
            return Future.failedFuture(
                    new CallException(Reason.OVERLOADED, pending.size() + " requests wait for their reply"));
        }
        String id = Long.toString(++lastId);
        BasicProperties properties = asked.content().properties();
        PendingReply request = new PendingReply(properties.correlationId(), deadline);
        Content content = new Content(
                properties.with(Property.CORRELATION_ID, id), asked.content().body());
        request.queued(publisher.spi(), "amqp");
        pending.put(id, request);
        publisher
                .publish(new AmqpPublish(asked.exchange(), asked.routingKey(), true, content), deadline)
                .onComplete(published -> {
                    if (published.failed()) {
                        pending.remove(id);
                        request.partFailed(published.cause());
                    } else if (pending.containsKey(id)) {
                        request.sent();
                        request.watch(() -> {
                            pending.remove(id);
                            request.expired();
                        });
                    }
                });
        return request.answer();
    }

    Publisher publisher() {
        return publisher;
    }

    /** Requests that wait for their reply, or to be sent. */
    int size() {
        return pending.size();
    }

    /** Replies to requests whose callers had given up, or to no request. */
    long lateReplies() {
        return late;
    }

    @Override
    public List<AmqpMethod> setup(ServerInfo server) {
        boolean direct = server.can("direct_reply_to");
        List<AmqpMethod> setup = new ArrayList<>();
        setup.add(new ConfirmMethod.Select(false));
        if (!direct) {
            setup.add(new QueueMethod.Declare("", false, false, true, true, false, Map.of()));
        }
        // An empty name means the queue that was declared last.
        setup.add(new BasicMethod.Consume(direct ? DIRECT : "", "replies", false, true, false, false, Map.of()));
        return setup;
    }

    @Override
    public Content stamp(Content content) {
        return new Content(content.properties().with(Property.REPLY_TO, replyTo), content.body());
    }

    @Override
    public void ready(BasicMethod.@Nullable Consume consume) {
        if (consume != null) {
            replyTo = consume.queue();
        }
    }

    /** Replies to requests that were sent on the channel no longer arrive. */
    @Override
    public void lost(RuntimeException cause) {
        List<PendingReply> gone =
                pending.values().stream().filter(PendingReply::isSent).toList();
        pending.values().removeAll(gone);
        gone.forEach(each -> each.lost(cause));
    }

    @Override
    public void delivery(AmqpEvent.Delivery delivery) {
        BasicProperties properties = delivery.content().properties();
        PendingReply request = pending.remove(String.valueOf(properties.correlationId()));
        if (request == null) {
            late++;
            return;
        }
        Content content =
                new Content(original(properties, request), delivery.content().body());
        request.answered(new AmqpReply(delivery.method(), content));
    }

    /** RabbitMQ has changed the reply-to, so the return matches no publish. */
    @Override
    public void returned(AmqpEvent.Returned returned) {
        PendingReply request =
                pending.remove(String.valueOf(returned.content().properties().correlationId()));
        if (request != null) {
            request.failed(AmqpException.returned(returned.method()));
        }
    }

    /** The reply's properties with the correlation id of the caller. */
    private static BasicProperties original(BasicProperties reply, PendingReply request) {
        Map<Property, Object> values = new EnumMap<>(Property.class);
        for (Property property : Property.values()) {
            Object value = property == Property.CORRELATION_ID ? request.original : reply.get(property);
            if (value != null) {
                values.put(property, value);
            }
        }
        return BasicProperties.of(values);
    }
}
