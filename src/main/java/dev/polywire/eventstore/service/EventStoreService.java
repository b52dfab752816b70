package dev.polywire.eventstore.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * EventStore as a service on the bus, with the names of its TCP protocol. Events are {@link EventJson}. Numbers are the
 * protocol's: an {@code expectedVersion} is the number of the stream's last event, or -1 (there is no stream), -2 (any), -4 (there is
 * a stream); an {@code eventNumber} of -1 is the last one's. Integers beyond 2^53 - 1 are decimal strings, as the last number of a deleted
 * stream. The stream {@code $all} is all events.
 *
 * <p>Reads are repeated until the deadline. So are appends, deletes and commits with an exact expected version or -1, with the same
 * event ids: there is one copy. With -2 and -4 the server knows ids as far as its memory goes: UNKNOWN_OUTCOME, unless {@code
 * retryAny} was chosen.
 *
 * <p>Failure codes of every action: BAD_REQUEST, UNAVAILABLE (no connection, or no node that can do it, by the deadline),
 * UNAUTHENTICATED (at once, while the server refuses the login, or TLS fails for a reason that time does not heal), TIMEOUT,
 * OVERLOADED, LIMIT_EXCEEDED, CONNECTION_LOST, UNKNOWN_OUTCOME, PROTOCOL_VIOLATION, SHUTTING_DOWN, INTERNAL; and by the server's answer:
 *
 * <pre>
 *   WrongExpectedVersion; AlreadyExists         CONFLICT           server: {reason, currentVersion}
 *   NoStream, NotFound, StreamDeleted;
 *   DoesNotExist                                NOT_FOUND          server: {reason}
 *   AccessDenied                                FORBIDDEN          server: {reason, text}
 *   NotAuthenticated                            UNAUTHENTICATED    server: {reason, text}
 *   Prepare-, Commit-, ForwardTimeout           UNKNOWN_OUTCOME    server: {reason}, at the deadline if it may be repeated
 *   NotReady, NotLeader                         UNAVAILABLE        server: {reason}, at the deadline
 *   TooBusy                                     OVERLOADED         server: {reason}, at the deadline
 *   SubscriberMaxCountReached                   OVERLOADED         server: {reason}
 *   BadRequest                                  BAD_REQUEST        server: {reason, text}
 *   Error, InvalidTransaction, IsReadOnly, Fail REFUSED_BY_SERVER  server: {reason, text}
 * </pre>
 *
 * <p>{@code <address>.raw} takes payloads: the action is the protocol's name of a command that writes or reads, the body its payload in
 * protobuf, and the reply's body the payload of the answer.
 *
 * <p>{@code <address>.events} carries changes of state.
 */
@ProxyGen
public interface EventStoreService {

    /**
     * Appends events to a stream, all or none.
     *
     * @param events 0 to 10,000; each has an {@code eventId}, or gets one
     * @param options {@code {requireLeader, retryAny}}, by default as configured
     * @return {@code {firstEventNumber, lastEventNumber, position}}, the last one's {@code {commit, prepare}}; without position when the
     *     server had the events already
     */
    Future<JsonObject> append(
            String streamId, long expectedVersion, List<JsonObject> events, @Nullable JsonObject options);

    /**
     * Deletes a stream.
     *
     * @param options {@code {hardDelete: false, requireLeader, retryAny}}; after a hard delete there is never a stream of this name again,
     *     else an append goes on with the next number
     * @return {@code {position}}, without it when the stream was deleted already
     */
    Future<JsonObject> deleteStream(String streamId, long expectedVersion, @Nullable JsonObject options);

    /**
     * Reads one event.
     *
     * @param eventNumber 0 or more; -1: the last one
     * @param options {@code {resolveLinkTos: true, requireLeader, text: false}}; {@code text} as in {@link EventJson}
     * @return the event
     */
    Future<JsonObject> readEvent(String streamId, long eventNumber, @Nullable JsonObject options);

    /**
     * Reads a part of a stream. It ends early when its events have more than {@code maxSliceBytes} of the configuration.
     *
     * @param options {@code {direction: "forward", fromEventNumber, maxCount: 100, resolveLinkTos: true, requireLeader, text: false}};
     *     {@code direction} may be {@code "backward"}; {@code fromEventNumber} is 0 or more, forward by default 0, backward by default
     *     -1: the last one; {@code maxCount} is 1 to 4,096
     * @return {@code {events, nextEventNumber, lastEventNumber, isEndOfStream}}
     */
    Future<JsonObject> readStream(String streamId, @Nullable JsonObject options);

    /**
     * Reads a part of all events. Forward the event at the position is the first, backward the one before it.
     *
     * @param options {@code {direction: "forward", position, maxCount: 100, resolveLinkTos: true, requireLeader, text: false, filter,
     *     maxSearchWindow}}; {@code position} is {@code {commit, prepare}}, by default the beginning, backward the end. {@code
     *     filter} is {@link FilterJson}; {@code maxSearchWindow}: events to look at, 1 to 2,147,483,647; by default {@code maxCount}
     * @return {@code {events, position, nextPosition, isEndOfStream}}
     */
    Future<JsonObject> readAll(@Nullable JsonObject options);

    /**
     * Opens the stream of a stream's events, or of {@code $all}, up to its end.
     *
     * @param options those of {@link #readStream} or {@link #readAll}, where {@code maxCount} is the size of a page, by default as configured;
     *     {@code resume} of a batch in place of {@code fromEventNumber} or {@code position}; {@code form: "json"}, or {@code "raw"}. In
     *     each method an option that is not its own, or not of one stream, is a BAD_REQUEST
     * @return {@code {address, id, leaseMillis}}, see {@link dev.polywire.core.bus.stream.StreamService}; in raw form an item is {@link
     *     dev.polywire.eventstore.wire.RawEvent}
     */
    Future<JsonObject> open(String streamId, @Nullable JsonObject options);

    /**
     * Opens a volatile subscription: the stream of what is appended from now on, as long as the connection lasts. It ends with OVERLOADED
     * when more than {@code maxLiveEvents} or {@code maxLiveBytes} of the configuration wait for the reader, and with CONNECTION_LOST. It
     * is opened when the server has confirmed it, by the deadline of the request: UNAVAILABLE when it was not asked until then.
     *
     * @param options {@code {resolveLinkTos: true, text: false, form: "json"}}, and for {@code $all} {@code filter} and {@code
     *     checkpointInterval: 1000}, 1 to 1,000,000: events that are looked at until the place is told
     * @return as {@link #open}
     */
    Future<JsonObject> subscribeToStream(String streamId, @Nullable JsonObject options);

    /**
     * Opens a catch-up subscription: the stream of all events of a stream or of {@code $all}, and then of what is appended. It goes on after
     * a lost connection, and a slow reader is served from the server again: each event once and in order. Each batch has its {@code
     * resume}; with a filter it also moves in batches without items.
     *
     * @param resume {@code {nextEventNumber}} of a stream; {@code {commit, prepare}} of all events, behind which it begins; null: the first
     *     event
     * @param options those of {@link #subscribeToStream}, and {@code requireLeader, maxCount}, and for {@code $all} {@code
     *     maxSearchWindow}, as those of {@link #open}
     * @return as {@link #open}
     */
    Future<JsonObject> subscribeToStreamFrom(
            String streamId, @Nullable JsonObject resume, @Nullable JsonObject options);

    /**
     * Creates a persistent subscription. CONFLICT when there is one.
     *
     * @param settings {@link GroupSettingsJson}
     */
    Future<Void> createPersistentSubscription(String streamId, String group, @Nullable JsonObject settings);

    /** Changes all settings; the server drops its clients, and those of Polywire come again. As {@link #createPersistentSubscription}. */
    Future<Void> updatePersistentSubscription(String streamId, String group, @Nullable JsonObject settings);

    Future<Void> deletePersistentSubscription(String streamId, String group);

    /**
     * Opens the stream of a persistent subscription's events. Each has {@code retryCount} besides, and is settled with {@code settle}:
     * {@code nack} retries it, {@code reject} parks it, {@code action} may be {@code retry, park, skip} or {@code stop}, with a {@code
     * reason}. What the server takes back lapses, and so do all events of a lost connection: they come again.
     *
     * @param options {@code {inFlight: 512, text: false, form: "json"}}; {@code inFlight}: events that may be unsettled, 1 to 2,000
     * @return as {@link #open}; in raw form an item is {@link RawGroupEvent}
     */
    Future<JsonObject> consume(String streamId, String group, @Nullable JsonObject options);

    /**
     * Sends each event of a persistent subscription to an address, see {@link dev.polywire.core.bus.binding.BindingService}. A reply
     * acknowledges it, a failure that is not retryable parks it with the failure's text, another one retries it. A client of the bridge
     * needs a permission that lists the address in {@code deliver}.
     *
     * @param options {@code {prefetch: 64, timeoutMillis, onTimeout: "requeueOnce", text: false, messageTimeoutMillis}}; {@code
     *     messageTimeoutMillis} is the group's, known when it was created or updated here: while nobody is at the address, events go
     *     back 5 s before it is over, or at half of it if that is later, and nothing is parked. When it is not known they do not. {@code
     *     timeoutMillis} is by default as long; 25,000 when it is not known
     * @return {@code {address, id}}
     */
    Future<JsonObject> bind(String streamId, String group, String address, @Nullable JsonObject options);

    /**
     * Begins a transaction.
     *
     * @param options {@code {requireLeader, retryAny}}
     * @return {@code {address, id, leaseMillis}}, see {@link EventStoreTransactionService}
     */
    Future<JsonObject> begin(String streamId, long expectedVersion, @Nullable JsonObject options);

    /**
     * Reads the metadata of a stream.
     *
     * @return {@code {metastreamVersion, isStreamDeleted, metadata}}: -1 and null when there is none; {@code metadata} with the names {@code
     *     $maxCount, $maxAge, $tb, $cacheControl, $acl} and others of the application
     */
    Future<JsonObject> streamMetadata(String streamId);

    /**
     * Replaces the metadata of a stream.
     *
     * @param expectedVersion of the metadata: their number, or -1, -2, -4
     * @return as {@link #append}
     */
    Future<JsonObject> setStreamMetadata(
            String streamId, long expectedVersion, JsonObject metadata, @Nullable JsonObject options);

    /** The default access lists: {@code {$userStreamAcl, $systemStreamAcl}}, null when none were set. */
    Future<@Nullable JsonObject> systemSettings();

    /** Replaces the default access lists. @return as {@link #append} */
    Future<JsonObject> setSystemSettings(JsonObject settings);

    /** Starts a scavenge. @return {@code {result, scavengeId}}, the result {@code started} or {@code inProgress} */
    Future<JsonObject> scavenge();

    /** A round trip to the server: {@code {node}}, its address. */
    Future<JsonObject> ping();

    /** Name, address, target, state, counters; {@code node}; {@code subscriptions}: each catch-up subscription, and whether it is live. */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static EventStoreService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new EventStoreServiceVertxEBProxy(vertx, address, with));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static EventStoreService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new EventStoreServiceVertxEBProxy(vertx, address, with));
    }
}
