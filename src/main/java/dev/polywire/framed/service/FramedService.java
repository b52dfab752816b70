package dev.polywire.framed.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Framed messages over TCP, by messages on the bus. A message is {@code {value}} (codecs {@code json}, {@code cbor}, {@code
 * pickle} and those of the application), {@code {text}} ({@code utf8}) or {@code {bytes}} ({@code raw}, base64); {@code
 * connection} is the id of the connection that it came from or goes to. Typed values are in docs/framed.md. With the option
 * {@code correlation} an item that wants a reply also has a {@code request}: {@code send} with that field is the reply.
 *
 * <p>Failure codes of every action: BAD_REQUEST, TIMEOUT, OVERLOADED, SHUTTING_DOWN, INTERNAL, and of a client
 * UNAUTHENTICATED (at once, while TLS fails for a reason that time does not heal); each action lists further ones.
 * {@code <address>.raw} takes {@code send}, {@code request} and {@code broadcast} with the payload as a buffer and
 * {@code connection} and {@code request} as headers.
 *
 * <p>{@code <address>.events} has an event for each connection as well: the status with {@code connection: {id, remote,
 * event, reason, message}}, where {@code event} is {@code opened} or {@code closed}, and {@code reason} one of {@link
 * dev.polywire.framed.client.FramedEnding}.
 */
@ProxyGen
public interface FramedService {

    /**
     * Sends one message and completes when the operating system has taken it, which does not say that the peer is still there:
     * docs/framed.md has what is lost. A server needs the {@code connection}; a client has only one.
     *
     * <p>Fails with UNAVAILABLE (no connection by the deadline, or the peer does not read), NOT_FOUND (that connection is
     * gone), LIMIT_EXCEEDED (over {@code maxFrameBytes}), OVERLOADED ({@code maxOutputBytes} wait for the peer already),
     * CONNECTION_LOST, UNKNOWN_OUTCOME.
     *
     * @param message with {@code request} it is the reply to that, and must name the {@code connection} it came by
     */
    Future<Void> send(JsonObject message);

    /**
     * Sends one message as a request and completes with its reply, a message too; with the option {@code correlation}.
     *
     * <p>Fails as {@link #send} when it was not sent, with OVERLOADED when {@code maxOutstanding} wait on that connection;
     * then with TIMEOUT, UNKNOWN_OUTCOME (the connection broke), REFUSED_BY_SERVER (the peer answered with a failure; its
     * text is {@code server.message}), PROTOCOL_VIOLATION or LIMIT_EXCEEDED (its reply cannot be read).
     */
    Future<JsonObject> request(JsonObject message);

    /**
     * Answers a peer's request with a failure.
     *
     * @param connection it came by
     * @param request its id
     * @param reason a text for the users of the peer
     */
    Future<Void> refuse(String connection, String request, String reason);

    /** Sends one message to every connection. @return {@code {sent, failed}}, in connections */
    Future<JsonObject> broadcast(JsonObject message);

    /**
     * The connections: those that are up, and those whose peer is gone and whose last messages nobody has read.
     *
     * @return {@code [{id, remote, since, up, unread}]}, where {@code up} says whether messages can be sent, and {@code unread}
     *     whether the peer has sent something that nobody has read
     */
    Future<JsonArray> connections();

    /**
     * Closes one connection, after the bytes that were written. A client connects again. Unread messages of the peer are
     * dropped.
     *
     * @param connection its id; NOT_FOUND when it is not {@code up}
     */
    Future<Void> disconnect(String connection);

    /**
     * Opens the stream of incoming messages, of all connections. While no stream is open no socket is read; a second one is
     * a CONFLICT. Items that took too much memory are dropped, and an item {@code {failure}} says so. A message that the codec cannot read, or that its peer cut off, is an item {@code {connection, failure:
     * {code, name, message}}}. A request that cannot be read is also refused.
     *
     * @return {@code {address, id, leaseMillis}}, see {@link dev.polywire.core.bus.stream.StreamService}
     */
    Future<JsonObject> open();

    /**
     * Sends the incoming messages, of all connections, to an address: see {@link dev.polywire.core.bus.binding.BindingService}.
     * CONFLICT while a stream is open, and the reverse. A client of the bridge needs a permission that lists the address in {@code deliver}.
     *
     * @param options {@code prefetch, timeoutMillis, onTimeout}, see {@link dev.polywire.core.bus.binding.BindingOptions}
     * @return {@code {address, id}}
     */
    Future<JsonObject> bind(String address, @Nullable JsonObject options);

    /** Whether there is a connection by the deadline, else UNAVAILABLE. A server answers as soon as it listens. */
    Future<JsonObject> ping();

    /** Name, address, target, state, counters; the numbers of {@code connections}, and of those that are {@code unread}. */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static FramedService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new FramedServiceVertxEBProxy(vertx, address, with));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static FramedService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new FramedServiceVertxEBProxy(vertx, address, with));
    }
}
