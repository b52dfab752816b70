package dev.polywire.framed.service;

import dev.polywire.core.bus.BindingOptions;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.Failure;
import dev.polywire.core.bus.Request;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedConnection.Sending;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.client.FramedPeers;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers {@link FramedService} for either role. */
final class FramedEndpoint implements FramedService, FramedListener {

    static final Set<String> RAW_ACTIONS = Set.of("send", "broadcast");

    private final Connector connector;
    private final FramedFormat format;
    private final FramedInbox inbox;
    private @Nullable FramedPeers peers;
    private long received;
    private long sent;
    private long undecodable;
    private long brokenOff;

    FramedEndpoint(Vertx vertx, Connector connector, FramedFormat format) {
        this.connector = connector;
        this.format = format;
        this.inbox = new FramedInbox(vertx);
        connector.count("received", () -> received);
        connector.count("sent", () -> sent);
        connector.count("undecodable", () -> undecodable);
        connector.count("brokenOff", () -> brokenOff);
        connector.bindings();
    }

    /** Says whose messages these are; once, before anything else. */
    void serve(FramedPeers peers) {
        this.peers = peers;
    }

    @Override
    public Future<Void> send(JsonObject message) {
        Deadline deadline = connector.requests().current().deadline();
        return Failure.typed(() -> send(connectionOf(message), format.write(message), deadline));
    }

    @Override
    public Future<JsonObject> broadcast(JsonObject message) {
        Deadline deadline = connector.requests().current().deadline();
        return Failure.typed(() -> {
            notNamed(message.containsKey("connection"));
            return broadcast(format.write(message), deadline);
        });
    }

    @Override
    public Future<JsonArray> connections() {
        JsonArray all = new JsonArray();
        for (FramedConnection each : peers().connections()) {
            all.add(new JsonObject()
                    .put("id", each.id())
                    .put("remote", each.remote())
                    .put("since", each.since().toString()));
        }
        return Future.succeededFuture(all);
    }

    @Override
    public Future<Void> disconnect(String connection) {
        Deadline deadline = connector.requests().current().deadline();
        return Failure.typed(() -> peers().connection(connection, deadline).map(up -> {
            up.disconnect();
            return null;
        }));
    }

    @Override
    public Future<JsonObject> open() {
        return Failure.typed(() -> {
            requireFree();
            return connector.streams().open(() -> Future.succeededFuture(inbox.open()));
        });
    }

    @Override
    public Future<JsonObject> bind(String address, @Nullable JsonObject options) {
        return Failure.typed(() -> {
            requireFree();
            return connector.bindings().bind(address, options, () -> Future.succeededFuture(inbox.open()));
        });
    }

    /** Starts what the configuration binds. */
    Future<Void> bind(List<BindingOptions> bindings) {
        return Future.all(bindings.stream()
                        .map(each -> connector.bindings().start(each, () -> Future.succeededFuture(inbox.open())))
                        .toList())
                .mapEmpty();
    }

    @Override
    public Future<JsonObject> ping() {
        Deadline deadline = connector.requests().current().deadline();
        return Failure.typed(() -> peers().ready(deadline)
                .map(ready -> new JsonObject()
                        .put("connections", peers().connections().size())));
    }

    @Override
    public Future<JsonObject> status() {
        return Future.succeededFuture(
                connector.status().put("connections", peers().connections().size()));
    }

    /** The raw door. */
    void raw(Request<Buffer> request) {
        String connection = request.headers().get("connection");
        Failure.<Object>typed(() -> {
                    if (request.headers().get("action").equals("send")) {
                        return send(connection, request.body(), request.deadline())
                                .mapEmpty();
                    }
                    notNamed(connection != null);
                    return broadcast(request.body(), request.deadline()).map(done -> done);
                })
                .onSuccess(request::reply)
                .onFailure(request::fail);
    }

    @Override
    public void opened(FramedConnection connection) {
        inbox.opened(connection);
    }

    @Override
    public void received(FramedConnection connection, Buffer payload) {
        received++;
        inbox.add(connection, item(connection, payload), payload.length());
    }

    /** When it broke because of what its peer sent, whoever reads the stream hears it. */
    @Override
    public void closed(FramedConnection connection, RuntimeException cause) {
        inbox.closed(connection);
        if (cause instanceof ProtocolException) {
            brokenOff++;
            if (inbox.isOpen()) {
                inbox.add(connection, failure(connection, cause), 0);
            }
        }
    }

    private Future<Void> send(@Nullable String connection, Buffer payload, Deadline deadline) {
        return peers().connection(connection, deadline)
                .compose(up -> up.send(payload, deadline))
                .onSuccess(done -> sent++);
    }

    private Future<JsonObject> broadcast(Buffer payload, Deadline deadline) {
        Buffer frame = FramedMachine.frame(payload);
        List<Sending> sendings = peers().connections().stream()
                .map(each -> each.sendFrame(frame))
                .toList();
        deadline.whenExpired(() -> sendings.forEach(sending -> sending.giveUp().run()));
        List<Future<Void>> writes = sendings.stream().map(Sending::written).toList();
        return Future.join(writes).otherwiseEmpty().map(done -> {
            long succeeded = writes.stream().filter(Future::succeeded).count();
            sent += succeeded;
            return new JsonObject().put("sent", succeeded).put("failed", writes.size() - succeeded);
        });
    }

    private JsonObject item(FramedConnection connection, Buffer payload) {
        try {
            return format.read(payload).put("connection", connection.id());
        } catch (ProtocolException unreadable) {
            undecodable++;
            return failure(connection, unreadable);
        }
    }

    private static JsonObject failure(FramedConnection connection, RuntimeException cause) {
        ServiceException typed = Failure.of(cause);
        return new JsonObject()
                .put("connection", connection.id())
                .put(
                        "failure",
                        new JsonObject()
                                .put("code", typed.failureCode())
                                .put("name", typed.getDebugInfo().getString("name"))
                                .put("message", typed.getMessage()));
    }

    private void requireFree() {
        if (inbox.isOpen()) {
            throw Failure.CONFLICT.because("the incoming messages are being read: by a stream, or by a binding");
        }
    }

    private static void notNamed(boolean connection) {
        if (connection) {
            throw Failure.BAD_REQUEST.because("connection: unknown field (expected: none, a broadcast goes to all)");
        }
    }

    private static @Nullable String connectionOf(JsonObject message) {
        return Fields.at("message", message).textOrNull("connection");
    }

    private FramedPeers peers() {
        if (peers == null) {
            throw new IllegalStateException("not serving yet");
        }
        return peers;
    }
}
