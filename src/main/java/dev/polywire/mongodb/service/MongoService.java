package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * MongoDB commands by messages on the bus. Documents are Extended JSON v2: both forms are accepted; answers are relaxed, or
 * canonical on request ({@link ExtendedJson}). An application that deploys {@link MongoVerticle} with a {@link BsonCodec} has
 * its own JSON instead, for commands, answers and streams; {@code canonical: true} is then BAD_REQUEST, and what the codec
 * throws is BAD_REQUEST or INTERNAL.
 *
 * <p>Failure codes of every action: BAD_REQUEST, UNAVAILABLE (no connection, or not sent, by the deadline), UNAUTHENTICATED
 * (at once, while TLS fails for a reason that time does not heal), TIMEOUT, OVERLOADED, LIMIT_EXCEEDED, CONNECTION_LOST,
 * UNKNOWN_OUTCOME, PROTOCOL_VIOLATION, SHUTTING_DOWN, INTERNAL, and REFUSED_BY_SERVER: the server answered {@code ok: 0},
 * or {@code ok: 1} with {@code writeErrors} or a {@code writeConcernError}; {@code server} in the debug information is its
 * answer. OVERLOADED is a command that would have to wait while the memory budget has no room; or an answer for which it
 * has none, {@code mayHaveExecuted} then. An answer that takes more than half of the budget as JSON is LIMIT_EXCEEDED.
 *
 * <p>{@code <address>.raw} takes {@code action: command} and {@code database} as headers, the command as BSON in the
 * body, and answers with the BSON of the reply, {@code ok: 0} included.
 */
@ProxyGen
public interface MongoService {

    /**
     * Runs any command.
     *
     * @param database it runs in
     * @param name of the command; sent first, because maps of many languages keep no order
     * @param arguments the whole command document; its field {@code name} is the command's value. The caller must not set
     *     {@code $db}; {@code maxTimeMS} is added from the deadline unless present
     * @param options {@code {canonical: false}}: the form of the answer
     * @return the server's answer; an empty object as soon as the bytes are handed over, for a command with
     *     {@code writeConcern: {w: 0}}
     */
    Future<JsonObject> command(String database, String name, JsonObject arguments, @Nullable JsonObject options);

    /**
     * Opens the stream of documents of a command with a cursor: find, aggregate, listCollections, listIndexes. The command
     * sets the size of the first batch ({@code batchSize}), the reader that of each later one. No {@code maxTimeMS} is
     * added: a server applies it to the whole cursor.
     *
     * @param options {@code {form: "json", canonical: false}}: the form of the documents. With {@code form: "raw"} a batch is
     *     one buffer of BSON documents, one after the other, see {@link dev.polywire.core.bus.stream.StreamForm}
     * @return {@code {address, id, leaseMillis}}, see {@link dev.polywire.core.bus.stream.StreamService}
     */
    Future<JsonObject> open(String database, String name, JsonObject arguments, @Nullable JsonObject options);

    /** A round trip to the server: its answer to {@code ping}. */
    Future<JsonObject> ping();

    /** Name, address, target, state, counters. */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static MongoService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new MongoServiceVertxEBProxy(vertx, address, with));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static MongoService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new MongoServiceVertxEBProxy(vertx, address, with));
    }
}
