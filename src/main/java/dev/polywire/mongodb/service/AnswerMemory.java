package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryLoan;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonFields;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Converts what the server sent to JSON, and counts the JSON in the memory budget until the bus has it, which is the next
 * turn of the event loop. Small documents are not counted. Belongs to one context.
 */
final class AnswerMemory {

    /** From this size on it is counted: the memory budget leaves everybody as much. */
    private static final int COUNTED_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final MemoryBudget budget;
    private final MemoryLoan loan;
    private final @Nullable JsonDialect dialect;

    /** @param name who holds it, for people */
    AnswerMemory(Vertx vertx, String name) {
        this(vertx, name, null);
    }

    /** @param dialect converts instead of Extended JSON; null: none */
    AnswerMemory(Vertx vertx, String name, @Nullable JsonDialect dialect) {
        this.vertx = vertx;
        this.budget = MemoryBudget.of(vertx);
        this.loan = new MemoryLoan(vertx, name);
        this.dialect = dialect;
    }

    /** The JSON of an answer that {@link MongoAnswer#accepted} accepts; parameters and failures are those of both. */
    JsonObject accepted(Buffer answer, boolean canonical, boolean reads) {
        // A refusal is told in Extended JSON: only the application knows what "ok" looks like in its own.
        return dialect == null
                ? MongoAnswer.accepted(convert(answer, canonical, reads).json())
                : convert(MongoAnswer.accepted(answer), canonical, reads).json();
    }

    /**
     * Converts a document.
     *
     * @param checked from the server; was checked when its message was read
     * @param reads whether the command that it answers has changed nothing
     * @throws ProtocolException LIMIT when its JSON would take more than a message may
     * @throws io.vertx.serviceproxy.ServiceException OVERLOADED when there is no room for it now
     */
    Conversion convert(Buffer checked, boolean canonical, boolean reads) {
        return counting(checked.length(), reads, counted -> convert(checked, canonical, counted));
    }

    /**
     * Converts the documents of one message, which are counted together.
     *
     * @param bsonBytes of all of them
     * @param message makes JSON of the message, with what makes JSON of its documents
     */
    JsonObject message(long bsonBytes, boolean reads, Function<MessageToJson.DocumentsToJson, JsonObject> message) {
        return counting(
                bsonBytes,
                reads,
                counted -> message.apply((checked, canonical) ->
                        convert(checked, canonical, counted).json()));
    }

    private <T> T counting(long bsonBytes, boolean reads, Function<ConvertedBytes, T> converting) {
        ConvertedBytes counted = new ConvertedBytes(reads, bsonBytes >= COUNTED_BYTES);
        try {
            return converting.apply(counted);
        } finally {
            counted.release();
        }
    }

    private Conversion convert(Buffer checked, boolean canonical, ConvertedBytes counted) {
        Conversion converted = dialect == null ? extended(checked, canonical, counted) : own(checked, dialect, counted);
        counted.before += converted.bytes();
        return converted;
    }

    private static Conversion extended(Buffer checked, boolean canonical, ConvertedBytes counted) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            Metered metered = new Metered(in, canonical, checked.length(), counted);
            if (counted.large) {
                metered.grows();
            }
            return new Conversion(metered.document(), metered.bytes());
        }
    }

    /** By an estimate before the codec runs, and by what it has made. */
    private static Conversion own(Buffer checked, JsonDialect dialect, ConvertedBytes counted) {
        if (counted.large) {
            counted.upTo(JsonWeight.of(checked.length(), BsonFields.values(checked)));
        }
        JsonObject json = dialect.decode(checked, !counted.reads);
        long bytes = JsonWeight.of(json);
        if (counted.large || bytes >= COUNTED_BYTES) {
            counted.upTo(bytes);
        }
        return new Conversion(json, bytes);
    }

    /** A document as JSON. @param bytes what the JSON takes, see {@link JsonWeight} */
    record Conversion(JsonObject json, long bytes) {}

    /** What one conversion has taken of the budget. */
    private final class ConvertedBytes {

        private final boolean reads;
        private final boolean large;
        /** Of the documents that are done. */
        private long before;

        private long bytes;

        ConvertedBytes(boolean reads, boolean large) {
            this.reads = reads;
            this.large = large;
        }

        /** @param documentBytes of the one that is being converted, so far */
        void upTo(long documentBytes) {
            long more = before + documentBytes;
            if (more > budget.maxMessageBytes()) {
                throw ProtocolException.limit("answer: " + more + " bytes as JSON, or more (expected: <= "
                        + budget.maxMessageBytes() + ", half of the memory budget)");
            }
            if (more > bytes && !loan.take(more - bytes)) {
                throw Failure.OVERLOADED.because("answer as JSON: " + budget.noRoomFor(more), reads, !reads, null);
            }
            bytes = Math.max(bytes, more);
        }

        /** The bus has the JSON by then. */
        void release() {
            if (bytes > 0) {
                vertx.runOnContext(handedOver -> loan.release(bytes));
            }
        }
    }

    private static final class Metered extends BsonToJson {

        private final int bsonBytes;
        private final ConvertedBytes counted;

        Metered(BsonReader in, boolean canonical, int bsonBytes, ConvertedBytes counted) {
            super(in, canonical);
            this.bsonBytes = bsonBytes;
            this.counted = counted;
        }

        long bytes() {
            return JsonWeight.of(bsonBytes, values());
        }

        @Override
        void grows() {
            counted.upTo(bytes());
        }
    }
}
