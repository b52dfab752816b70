package dev.polywire.mongodb.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.mongodb.store.DocumentBounds;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SmallMongo} is like.
 *
 * @param hello what it says of itself; default {@link HelloFields#standalone}
 * @param user null: nobody has to log in
 * @param compressors that it offers, in its order, of snappy, zlib, zstd and noop; default none
 * @param legacy operations before OP_MSG; default {@link LegacySupport#REFUSED}, as servers of today
 * @param answersMoreToCome whether a request that wants no answer gets one, as FerretDB does; default false
 * @param maxAwaitMillis how long a hello that waits for a change waits at most, 1 to 600,000; the client's
 *     {@code maxAwaitTimeMS} may be less. Default 10,000
 * @param streamsHello whether a hello that allows it is answered again and again; default true. It takes {@code topologyVersion} in
 *     {@code hello}, too
 * @param store how much it keeps; its {@code maxDocumentBytes} is {@code maxBsonObjectSize} of the hello
 * @param maxCursors that are open at a time, 1 to 100,000; default 1,000
 * @param maxConnections at a time; others are closed as soon as they are accepted. 1 to 100,000, default 1,000
 */
public record SmallMongoOptions(
        HelloFields hello,
        @Nullable User user,
        List<String> compressors,
        LegacySupport legacy,
        boolean answersMoreToCome,
        int maxAwaitMillis,
        boolean streamsHello,
        DocumentBounds store,
        int maxCursors,
        int maxConnections) {

    public static final SmallMongoOptions DEFAULT = new SmallMongoOptions(
            HelloFields.standalone(),
            null,
            List.of(),
            LegacySupport.REFUSED,
            false,
            10_000,
            true,
            DocumentBounds.DEFAULT,
            1_000,
            1_000);

    /**
     * Who may use the server.
     *
     * @param credential its source {@code $external}: by certificate, or by PLAIN
     * @param mechanisms of SCRAM that the user may use
     */
    public record User(MongoCredential credential, List<ScramHash> mechanisms, ScriptedLogin.Manner manner) {

        public User {
            mechanisms = List.copyOf(mechanisms);
        }

        /** With both kinds of SCRAM, as a server of today. */
        public static User of(MongoCredential credential) {
            return new User(credential, List.of(ScramHash.SHA_1, ScramHash.SHA_256), ScriptedLogin.Manner.TODAY);
        }
    }

    public SmallMongoOptions {
        compressors = List.copyOf(compressors);
        Limits.range("maxAwaitMillis", maxAwaitMillis, 1, 600_000);
        Limits.range("maxCursors", maxCursors, 1, 100_000);
        Limits.range("maxConnections", maxConnections, 1, 100_000);
    }

    /** The same with another hello. */
    public SmallMongoOptions says(HelloFields hello) {
        return new SmallMongoOptions(
                hello,
                user,
                compressors,
                legacy,
                answersMoreToCome,
                maxAwaitMillis,
                streamsHello,
                store,
                maxCursors,
                maxConnections);
    }

    /** The same for one user. */
    public SmallMongoOptions locked(User user) {
        return new SmallMongoOptions(
                hello,
                user,
                compressors,
                legacy,
                answersMoreToCome,
                maxAwaitMillis,
                streamsHello,
                store,
                maxCursors,
                maxConnections);
    }

    /** The same with these compressors. */
    public SmallMongoOptions compresses(List<String> compressors) {
        return new SmallMongoOptions(
                hello,
                user,
                compressors,
                legacy,
                answersMoreToCome,
                maxAwaitMillis,
                streamsHello,
                store,
                maxCursors,
                maxConnections);
    }

    /** The same, that takes legacy operations so. */
    public SmallMongoOptions takes(LegacySupport legacy) {
        return new SmallMongoOptions(
                hello,
                user,
                compressors,
                legacy,
                answersMoreToCome,
                maxAwaitMillis,
                streamsHello,
                store,
                maxCursors,
                maxConnections);
    }
}
