package dev.polywire.mongodb.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SmallMongo} is like.
 *
 * @param hello what it says of itself; default {@link HelloFields#standalone}. Its {@code maxBsonObjectSize}, {@code
 *     maxMessageSizeBytes} and {@code maxWriteBatchSize} are what the server takes, but never above 16 MiB, 48,000,000 and 100,000
 * @param user null, the default: nobody has to log in
 * @param compressors that it offers, in its order, of snappy, zlib, zstd and noop; default none
 * @param behaviour default {@link Behaviour#TODAY}
 * @param bounds default {@link SmallMongoBounds#DEFAULT}
 * @param delay what commands wait for before they are done; default {@link CommandDelay#NONE}
 */
public record SmallMongoOptions(
        HelloFields hello,
        @Nullable MongoUser user,
        List<String> compressors,
        Behaviour behaviour,
        SmallMongoBounds bounds,
        CommandDelay delay) {

    public static final SmallMongoOptions DEFAULT = new SmallMongoOptions(
            HelloFields.standalone(), null, List.of(), Behaviour.TODAY, SmallMongoBounds.DEFAULT, CommandDelay.NONE);

    private static final int MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
    private static final int MAX_WRITES = 100_000;

    /**
     * Who may use the server.
     *
     * @param credential its source {@code $external}: by MONGODB-X509, which believes any client, or by PLAIN
     * @param mechanisms of SCRAM that the user may use
     */
    public record MongoUser(MongoCredential credential, List<ScramHash> mechanisms, ScriptedLogin.Manner manner) {

        public MongoUser {
            mechanisms = List.copyOf(mechanisms);
        }

        /** With both kinds of SCRAM, as a server of today. */
        public static MongoUser of(MongoCredential credential) {
            return new MongoUser(credential, List.of(ScramHash.SHA_1, ScramHash.SHA_256), ScriptedLogin.Manner.TODAY);
        }
    }

    /**
     * In what servers differ.
     *
     * @param legacy how it takes operations before OP_MSG
     * @param answersMoreToCome whether a request that wants no answer gets one, as FerretDB does
     * @param streamsHello whether a hello that allows it is answered again and again; it takes {@code topologyVersion} in the hello,
     *     too
     * @param maxAwaitMillis how long a hello that waits for a change waits at most, 1 to 600,000; its {@code maxAwaitTimeMS} may be
     *     less
     * @param exhausts whether a getMore that allows it is answered again and again
     * @param ownsCursors whether cursors end with the connection that has opened them; else they live until they are read or killed
     */
    public record Behaviour(
            LegacySupport legacy,
            boolean answersMoreToCome,
            boolean streamsHello,
            int maxAwaitMillis,
            boolean exhausts,
            boolean ownsCursors) {

        /** MongoDB 8.0. */
        public static final Behaviour TODAY = new Behaviour(LegacySupport.REFUSED, false, true, 10_000, true, false);
        /** MongoDB 5.0, the last one with all operations. */
        public static final Behaviour LEGACY = new Behaviour(LegacySupport.DONE, false, true, 10_000, true, false);
        /** FerretDB 1.24. */
        public static final Behaviour FERRETDB =
                new Behaviour(LegacySupport.REFUSED_WITHOUT_FLAG, true, false, 10_000, false, true);

        public Behaviour {
            Limits.range("maxAwaitMillis", maxAwaitMillis, 1, 600_000);
        }

        /** The same, whose waiting hellos are streams or not, and wait at most so long. */
        public Behaviour hellos(boolean streamsHello, int maxAwaitMillis) {
            return new Behaviour(legacy, answersMoreToCome, streamsHello, maxAwaitMillis, exhausts, ownsCursors);
        }

        /** The same with other cursors. */
        public Behaviour cursors(boolean exhausts, boolean ownsCursors) {
            return new Behaviour(legacy, answersMoreToCome, streamsHello, maxAwaitMillis, exhausts, ownsCursors);
        }
    }

    public SmallMongoOptions {
        compressors = List.copyOf(compressors);
    }

    /** The same with another hello. */
    public SmallMongoOptions says(HelloFields hello) {
        return new SmallMongoOptions(hello, user, compressors, behaviour, bounds, delay);
    }

    /** The same for one user. */
    public SmallMongoOptions locked(MongoUser user) {
        return new SmallMongoOptions(hello, user, compressors, behaviour, bounds, delay);
    }

    /** The same with these compressors. */
    public SmallMongoOptions compresses(String... compressors) {
        return new SmallMongoOptions(hello, user, List.of(compressors), behaviour, bounds, delay);
    }

    /** The same, that behaves so. */
    public SmallMongoOptions behaves(Behaviour behaviour) {
        return new SmallMongoOptions(hello, user, compressors, behaviour, bounds, delay);
    }

    /** The same with these bounds. */
    public SmallMongoOptions keeps(SmallMongoBounds bounds) {
        return new SmallMongoOptions(hello, user, compressors, behaviour, bounds, delay);
    }

    /** The same, whose commands wait. */
    public SmallMongoOptions delays(CommandDelay delay) {
        return new SmallMongoOptions(hello, user, compressors, behaviour, bounds, delay);
    }

    int documentBytes() {
        return hello.size(HelloFields.MAX_DOCUMENT_BYTES, MAX_DOCUMENT_BYTES);
    }

    int messageBytes() {
        return hello.size(HelloFields.MAX_MESSAGE_BYTES, MessageHeader.MAX_MESSAGE_BYTES);
    }

    /** Writes of one command. */
    int writes() {
        return hello.size(HelloFields.MAX_BATCH, MAX_WRITES);
    }

    /** Of the documents of one answer: there is room for the rest of the message. */
    int batchBytes() {
        return Math.min(MAX_DOCUMENT_BYTES, messageBytes() / 2);
    }
}
