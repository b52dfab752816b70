package dev.polywire.framed.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.binding.BindingOptions;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.Printable;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedEnding;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.client.FramedPeers;
import dev.polywire.framed.client.RefusedByPeerException;
import dev.polywire.framed.wire.FramedLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers {@link FramedService} for either role. */
final class FramedEndpoint implements FramedService, FramedListener {

    static final Set<String> RAW_ACTIONS = Set.of("send", "request", "broadcast");

    private static final Set<String> REPLY_FIELDS = Set.of("connection", "request");
    private static final Logger LOG = System.getLogger(FramedEndpoint.class.getName());

    private final Vertx vertx;
    private final Connector connector;
    private final FramedFormat format;
    private final FramedLimits limits;
    private final FramedInbox inbox;
    private @Nullable FramedPeers peers;
    private long received;
    private long sent;
    private long undecodable;
    private long brokenOff;
    private long idle;
    private long slow;
    private long unread;
    private long lateReplies;
    private long dropped;

    FramedEndpoint(Vertx vertx, Connector connector, FramedFormat format, FramedLimits limits) {
        this.vertx = vertx;
        this.connector = connector;
        this.format = format;
        this.limits = limits;
        this.inbox = new FramedInbox(vertx, connector.options().name(), this::dropped);
        connector.count("received", () -> received);
        connector.count("sent", () -> sent);
        connector.count("undecodable", () -> undecodable);
        connector.count("brokenOff", () -> brokenOff);
        connector.count("idleConnections", () -> idle);
        connector.count("slowPeers", () -> slow);
        connector.count("unreadConnections", () -> unread);
        connector.count("droppedMessages", () -> dropped);
        connector.count("lateReplies", () -> lateReplies);
        connector.bindings();
    }

    /** The connector has closed. */
    void release() {
        inbox.release();
    }

    /** Sets the connections to serve; called once, before anything else. */
    void serve(FramedPeers peers) {
        this.peers = peers;
    }

    @Override
    public Future<Void> send(JsonObject message) {
        Deadline deadline = connector.requests().current().deadline();
        Fields fields = Fields.at("message", message);
        String connection = fields.textOrNull("connection");
        String request = limits.isCorrelated() ? fields.textOrNull("request") : null;
        return request == null
                ? send(connection, format.write(message), deadline)
                : reply(connection, request, format.write(message, REPLY_FIELDS), deadline);
    }

    @Override
    public Future<JsonObject> request(JsonObject message) {
        Deadline deadline = connector.requests().current().deadline();
        String connection = Fields.at("message", message).textOrNull("connection");
        Buffer payload = format.write(message);
        return peers().connection(connection, deadline)
                .compose(up -> request(up, payload, deadline).map(reply -> read(up, reply)));
    }

    @Override
    public Future<Void> refuse(String connection, String request, String reason) {
        Deadline deadline = connector.requests().current().deadline();
        long id = requestId(request);
        if (!Utf8.isUnicode(reason)) {
            throw Failure.BAD_REQUEST.because("reason: " + Utf8.NOT_UNICODE);
        }
        return peers().connection(connection, deadline).compose(up -> up.refuse(id, reason, deadline));
    }

    @Override
    public Future<JsonObject> broadcast(JsonObject message) {
        Deadline deadline = connector.requests().current().deadline();
        notNamed(message.containsKey("connection"));
        return broadcast(format.write(message), deadline);
    }

    @Override
    public Future<JsonArray> connections() {
        JsonArray all = new JsonArray();
        for (FramedConnection each : peers().connections()) {
            all.add(new JsonObject()
                    .put("id", each.id())
                    .put("remote", each.target())
                    .put("since", each.since().toString())
                    .put("up", each.isUp())
                    .put("unread", each.isUnread()));
        }
        return Future.succeededFuture(all);
    }

    @Override
    public Future<Void> disconnect(String connection) {
        Deadline deadline = connector.requests().current().deadline();
        return peers().connection(connection, deadline).map(up -> {
            up.disconnect();
            return null;
        });
    }

    @Override
    public Future<JsonObject> open() {
        return connector.streams().open(this::reading);
    }

    @Override
    public Future<JsonObject> bind(String address, @Nullable JsonObject options) {
        return connector.bindings().bind(address, options, this::reading);
    }

    /** Starts the bindings of the configuration. */
    Future<Void> bind(List<BindingOptions> bindings) {
        return Future.all(bindings.stream()
                        .map(each -> connector.bindings().start(each, this::reading))
                        .toList())
                .mapEmpty();
    }

    @Override
    public Future<JsonObject> ping() {
        Deadline deadline = connector.requests().current().deadline();
        return peers().ready(deadline)
                .map(ready -> new JsonObject()
                        .put("connections", peers().connections().size()));
    }

    @Override
    public Future<JsonObject> status() {
        Collection<FramedConnection> all = peers().connections();
        return Future.succeededFuture(connector
                .status()
                .put("connections", all.size())
                .put("unread", all.stream().filter(FramedConnection::isUnread).count()));
    }

    /** The raw door. */
    Future<RawDoor.Answer> raw(Request<Buffer> request) {
        String connection = request.headers().get("connection");
        String answered = request.headers().get("request");
        Deadline deadline = request.deadline();
        return switch (request.headers().get("action")) {
            case "send" ->
                (answered == null
                                ? send(connection, request.body(), deadline)
                                : reply(connection, answered, request.body(), deadline))
                        .map(done -> RawDoor.Answer.NOTHING);
            case "request" ->
                peers().connection(connection, deadline)
                        .compose(up -> request(up, request.body(), deadline))
                        .map(RawDoor.Answer::new);
            default -> {
                notNamed(connection != null);
                yield broadcast(request.body(), deadline).map(RawDoor.Answer::new);
            }
        };
    }

    @Override
    public void opened(FramedConnection connection) {
        inbox.opened(connection);
        tell(connection, new JsonObject().put("event", "opened"));
    }

    @Override
    public void received(FramedConnection connection, Buffer payload) {
        received++;
        inbox.add(connection, item(connection, payload));
    }

    @Override
    public void requested(FramedConnection connection, long id, Buffer payload) {
        received++;
        JsonObject item = item(connection, payload);
        if (item.containsKey("failure")) {
            connection.refuse(id, "the request cannot be read");
        } else {
            item.put("request", Long.toUnsignedString(id));
        }
        inbox.add(connection, item);
    }

    @Override
    public void unreadable(FramedConnection connection, ProtocolException why) {
        undecodable++;
        inbox.add(connection, failure(connection, why));
    }

    @Override
    public void lateReply(FramedConnection connection) {
        lateReplies++;
    }

    /** When the peer's bytes broke the connection, the stream has an item about it. */
    @Override
    public void closed(FramedConnection connection, RuntimeException cause) {
        inbox.closed(connection);
        FramedEnding ending = connection.ending();
        if (ending == FramedEnding.VIOLATION) {
            brokenOff++;
            if (inbox.isOpen()) {
                inbox.add(connection, failure(connection, cause));
            }
        } else if (ending == FramedEnding.IDLE) {
            idle++;
        } else if (ending == FramedEnding.SLOW) {
            slow++;
            warn("dropped, " + cause.getMessage());
        } else if (ending == FramedEnding.UNREAD) {
            unread++;
            warn("dropped unread messages: " + cause.getMessage());
        }
        tell(
                connection,
                new JsonObject()
                        .put("event", "closed")
                        .put("reason", ending.word())
                        .put("message", Printable.line(cause.getMessage())));
    }

    /** Items took too much memory: the peers that wait for replies, and the next reader, hear of it. */
    private JsonObject dropped(JsonArray items, CallException why) {
        dropped += items.size();
        warn("dropped " + items.size() + " messages: " + why.getMessage());
        Map<String, FramedConnection> known =
                peers().connections().stream().collect(Collectors.toMap(FramedConnection::id, each -> each));
        for (Object each : items) {
            JsonObject item = (JsonObject) each;
            String request = item.getString("request");
            FramedConnection asking = known.get(item.getString("connection"));
            if (request != null && asking != null) {
                asking.refuse(requestId(request), "the request was dropped unread");
            }
        }
        return failure(Failure.OVERLOADED.because("dropped unread: " + items.size() + " messages"));
    }

    private void warn(String what) {
        LOG.log(Level.WARNING, connector.options().name() + ": " + what);
    }

    private void tell(FramedConnection connection, JsonObject event) {
        connector.publish("connection", event.put("id", connection.id()).put("remote", connection.target()));
    }

    private Future<Void> reply(@Nullable String connection, String request, Buffer content, Deadline deadline) {
        if (connection == null) {
            throw Failure.BAD_REQUEST.because("connection: missing (expected: that of the request)");
        }
        long id = requestId(request);
        return peers().connection(connection, deadline)
                .compose(up -> up.reply(id, content, deadline))
                .onSuccess(done -> sent++);
    }

    private Future<Buffer> request(FramedConnection up, Buffer content, Deadline deadline) {
        return up.request(content, deadline)
                .onSuccess(replied -> sent++)
                .recover(no -> Future.failedFuture(
                        no instanceof RefusedByPeerException refused
                                ? Failure.REFUSED_BY_SERVER.because(
                                        "refused by " + up.target(),
                                        false,
                                        false,
                                        new JsonObject().put("message", Printable.line(refused.getMessage())))
                                : no));
    }

    private JsonObject read(FramedConnection connection, Buffer reply) {
        received++;
        try {
            return format.read(reply).put("connection", connection.id());
        } catch (ProtocolException unreadable) {
            undecodable++;
            throw unreadable;
        }
    }

    private static long requestId(String request) {
        try {
            return Long.parseUnsignedLong(request);
        } catch (NumberFormatException none) {
            throw Failure.BAD_REQUEST.because("request: not an id (expected: that of an item)");
        }
    }

    private Future<Void> send(@Nullable String connection, Buffer payload, Deadline deadline) {
        return peers().connection(connection, deadline)
                .compose(up -> up.send(payload, deadline))
                .onSuccess(done -> sent++);
    }

    private Future<JsonObject> broadcast(Buffer payload, Deadline deadline) {
        Buffer frame = limits.frame(payload);
        List<FramedConnection> up =
                peers().connections().stream().filter(FramedConnection::isUp).toList();
        return FramedBroadcast.send(vertx, connector.options().name(), frame, up, deadline)
                .map(succeeded -> {
                    sent += succeeded;
                    return new JsonObject().put("sent", succeeded).put("failed", up.size() - succeeded);
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

    private JsonObject failure(FramedConnection connection, RuntimeException cause) {
        return failure(connector.failure(cause)).put("connection", connection.id());
    }

    private static JsonObject failure(ServiceException typed) {
        return new JsonObject()
                .put(
                        "failure",
                        new JsonObject()
                                .put("code", typed.failureCode())
                                .put("name", typed.getDebugInfo().getString("name"))
                                .put("message", typed.getMessage()));
    }

    private Future<FramedInbox> reading() {
        if (inbox.isOpen()) {
            throw Failure.CONFLICT.because("the incoming messages are being read: by a stream, or by a binding");
        }
        return Future.succeededFuture(inbox.open());
    }

    private static void notNamed(boolean connection) {
        if (connection) {
            throw Failure.BAD_REQUEST.because("connection: unknown field (expected: none, a broadcast goes to all)");
        }
    }

    private FramedPeers peers() {
        if (peers == null) {
            throw new IllegalStateException("not serving yet");
        }
        return peers;
    }
}
