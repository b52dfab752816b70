package dev.polywire.mongodb.service;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.DeployedInstance;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Compressor;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.ConcernDefaults;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoUri;
import dev.polywire.mongodb.wire.MongoUriOption;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ServerApi;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a MongoDB connector; the fields of its parts stand in one object.
 *
 * @param connector name, address, bounds
 * @param endpoint the server: {@code connectTimeoutMillis} and {@code tls}, or the options of {@code uri} about them; by default
 *     127.0.0.1:27017
 * @param uri {@code uri}, a connection string; or {@code host}, {@code port}, {@code user}, {@code password}, {@code authSource},
 *     {@code authMechanism}, {@code replicaSet}; see {@link MongoUriJson}
 * @param client {@code applicationName} (at most 128 bytes), {@code maxMessageBytes} (1,024 to 48,000,000, the default),
 *     {@code compressors} and {@code zlibCompressionLevel} (-1 to 9), {@code checksum}, {@code serverApi}, and the login
 * @param concerns {@code w}, {@code journal}, {@code wTimeoutMillis} and {@code readConcernLevel}, for commands that say none
 * @param moreToCome whether a command with {@code w: 0} asks for no answer, default true. False: it is sent without the flag, for
 *     servers that answer nevertheless
 * @param maxTime whether commands get {@code maxTimeMS}, default true. False: for servers that refuse it
 * @param pool of all instances together, see {@link #pool(DeployedInstance)}; in the URI {@code maxPoolSize}, {@code minPoolSize},
 *     {@code maxConnecting} and {@code maxIdleTimeMS}. A {@code maxPoolSize} of 0, in a URI only, is 1,000. Without one it is 16, so
 *     that a URI with {@code minPoolSize=20} alone, which drivers take, is refused
 * @param streamsHello whether a server that offers it streams its answers to hello: {@code serverMonitoringMode}, which is
 *     {@code auto} (default), {@code stream} or {@code poll}; false with {@code poll} only
 * @param heartbeatMillis from one answer to the next hello, or to the next that is streamed, on connections beside the pool, 0 to
 *     3,600,000, default 10,000. A server that owes an answer for {@code connectTimeoutMillis}, and says nothing on any connection
 *     meanwhile, is gone, and so are all connections. 0: no hello, and no such connections
 * @param rules what callers may ask: {@code commands} and {@code databases}
 * @param remarks about what has no effect, for the log
 */
public record MongoOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        MongoUri uri,
        MongoClientOptions client,
        ConcernDefaults concerns,
        boolean moreToCome,
        boolean maxTime,
        MongoPoolOptions pool,
        boolean streamsHello,
        int heartbeatMillis,
        CallerRules rules,
        List<String> remarks) {

    private static final String VERSION = "0.1.0";
    private static final String MAX_POOL_SIZE = "maxPoolSize";
    private static final String MIN_POOL_SIZE = "minPoolSize";
    private static final String MAX_IDLE_MILLIS = "maxIdleMillis";
    private static final String MAX_DEDICATED_CONNECTIONS = "maxDedicatedConnections";
    private static final String AUTO = "auto";
    private static final String POLL = "poll";
    private static final List<String> MONITORING_MODES = List.of(AUTO, POLL, "stream");
    private static final int MOST_CONNECTIONS = 1_000;
    private static final int LEAST_IDLE_MILLIS = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Reads a whole object. */
    public static MongoOptions fromJson(Fields json) {
        ConnectorOptions connector = ConnectorOptions.fromJson(json, "mongodb");
        MongoUriJson server = new MongoUriJson(json);
        List<String> remarks = new ArrayList<>();
        server.uri().withoutEffect().forEach(name -> remarks.add("uri: its " + name + " has no effect"));
        MongoOptions options = new MongoOptions(
                connector,
                server.endpoint(),
                server.uri(),
                client(json, server, remarks),
                ConcernDefaults.of(server.uri()),
                json.flag("moreToCome", true),
                json.flag("maxTime", true),
                pool(json, server, remarks),
                !server.word("serverMonitoringMode", MongoUriOption.SERVER_MONITORING_MODE, AUTO, MONITORING_MODES)
                        .equals(POLL),
                server.int32("heartbeatMillis", MongoUriOption.HEARTBEAT_FREQUENCY_MILLIS, 10_000, 0, 3_600_000),
                CallerRules.fromJson(json),
                List.copyOf(remarks));
        json.done();
        server.requireNone();
        return options;
    }

    /** The name of the service whose servers the DNS knows; null: the server is the endpoint. */
    @Nullable
    MongoUri service() {
        return uri.srv() ? uri : null;
    }

    /**
     * The pool of one instance: its part of the connections, at least one of a kind that is allowed. Everything else is each
     * instance's own.
     */
    MongoPoolOptions pool(DeployedInstance instance) {
        int dedicated = pool.maxDedicatedConnections();
        return new MongoPoolOptions(
                instance.share(pool.maxPoolSize(), 1),
                instance.share(pool.minPoolSize(), 0),
                pool.maxConnecting(),
                pool.maxIdleMillis(),
                pool.maxLifetimeMillis(),
                pool.maxWaiting(),
                pool.pipeline(),
                pool.pipelineMillis(),
                instance.share(dedicated, Math.min(1, dedicated)));
    }

    /** What the log should have once, of all instances: {@link #remarks}, and that there are more of them than connections. */
    List<String> remarks(DeployedInstance instance) {
        if (instance.number() > 0) {
            return List.of();
        }
        List<String> all = new ArrayList<>(remarks);
        oneEach(all, MAX_POOL_SIZE, pool.maxPoolSize(), instance.count());
        oneEach(all, MAX_DEDICATED_CONNECTIONS, pool.maxDedicatedConnections(), instance.count());
        return all;
    }

    private static void oneEach(List<String> remarks, String name, int most, int instances) {
        if (most > 0 && most < instances) {
            remarks.add(name + ": " + most + " is less than one for each of " + instances
                    + " instances, so that each has one");
        }
    }

    /** The server, as text for people: without user information. */
    String target() {
        return uri.srv() ? "mongodb+srv://" + endpoint.host() : endpoint.target();
    }

    private static MongoClientOptions client(Fields json, MongoUriJson server, List<String> remarks) {
        return new MongoClientOptions(
                        json.int32(
                                "maxMessageBytes",
                                MessageHeader.MAX_MESSAGE_BYTES,
                                1_024,
                                MessageHeader.MAX_MESSAGE_BYTES),
                        metadata(json, server.text("applicationName", MongoUriOption.APP_NAME)),
                        1,
                        server.endpoint().connectTimeoutMillis(),
                        compressors(server, remarks),
                        json.flag("checksum", false),
                        null,
                        json.has("serverApi") ? serverApi(json.object("serverApi")) : null,
                        null)
                .withUri(server.uri(), () -> ScramHash.nonce(RANDOM));
    }

    private static MongoPoolOptions pool(Fields json, MongoUriJson server, List<String> remarks) {
        int most = server.int32(MAX_POOL_SIZE, MongoUriOption.MAX_POOL_SIZE, 16, 1, MOST_CONNECTIONS);
        if (most == 0) {
            most = MOST_CONNECTIONS;
            remarks.add("uri: its maxPoolSize is 0, no limit, and is taken as " + most);
        }
        int least = server.int32(MIN_POOL_SIZE, MongoUriOption.MIN_POOL_SIZE, 0, 0, MOST_CONNECTIONS);
        if (least > most) {
            server.complain(
                    MIN_POOL_SIZE, MongoUriOption.MIN_POOL_SIZE, least + " (expected: 0 to maxPoolSize, " + most + ")");
        }
        int idle = server.int32(MAX_IDLE_MILLIS, MongoUriOption.MAX_IDLE_TIME_MILLIS, 600_000, 0, 86_400_000);
        if (idle > 0 && idle < LEAST_IDLE_MILLIS) {
            server.complain(
                    MAX_IDLE_MILLIS,
                    MongoUriOption.MAX_IDLE_TIME_MILLIS,
                    idle + " (expected: 0, or " + LEAST_IDLE_MILLIS + " to 86400000)");
        }
        return new MongoPoolOptions(
                most,
                Math.min(least, most),
                server.int32("maxConnecting", MongoUriOption.MAX_CONNECTING, 2, 1, 100),
                idle == 0 ? 0 : Math.max(idle, LEAST_IDLE_MILLIS),
                json.int64("maxLifetimeMillis", 3_600_000, 1_000, 604_800_000),
                json.int32("maxWaiting", 1_000, 0, 1_000_000),
                json.int32("pipeline", 8, 1, 1_000),
                json.int32("pipelineMillis", 20, 0, 60_000),
                json.int32(MAX_DEDICATED_CONNECTIONS, 32, 0, 10_000));
    }

    private static List<Compressor> compressors(MongoUriJson server, List<String> remarks) {
        List<String> names = server.texts("compressors", MongoUriOption.COMPRESSORS);
        int level = server.int32("zlibCompressionLevel", MongoUriOption.ZLIB_COMPRESSION_LEVEL, -1, -1, 9);
        List<Compressor> usable = Compressors.usable(names, level);
        List<String> found = Compressors.names(usable);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!found.contains(name)) {
                // A text that is no name may be anything.
                remarks.add("compressors: " + (name.matches("[a-z0-9]{1,32}") ? name : "number " + (i + 1))
                        + " is not offered (expected: snappy, zlib, zstd or noop, with its library on the class path)");
            }
        }
        return usable;
    }

    private static ServerApi serverApi(Fields json) {
        String version = json.word("version", "1", List.of("1"));
        ServerApi api = new ServerApi(version, flag(json, "strict"), flag(json, "deprecationErrors"));
        json.done();
        return api;
    }

    private static @Nullable Boolean flag(Fields json, String name) {
        return json.has(name) ? json.flag(name, false) : null;
    }

    private static ClientMetadata metadata(Fields json, @Nullable String applicationName) {
        try {
            return new ClientMetadata(
                    applicationName,
                    "polywire",
                    VERSION,
                    Map.of("type", System.getProperty("os.name"), "architecture", System.getProperty("os.arch")),
                    "Java " + Runtime.version().feature(),
                    Map.of());
        } catch (IllegalArgumentException unfit) {
            throw json.complaint("applicationName", "too long, or no text (expected: <= 128 bytes of UTF-8)");
        }
    }
}
