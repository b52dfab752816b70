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
import org.bson.BsonBinaryReader;

/**
 * Converts what the server sent to JSON, and counts the JSON in the memory budget until the bus has it, which is the next
 * turn of the event loop. Small documents are not counted. Belongs to one context.
 */
final class AnswerMemory {

    /** From this size on it is counted: the memory budget leaves everybody as much. */
    private static final int COUNTED_BYTES = 64 * 1024;

    /**
     * A document.
     *
     * @param bytes it takes, see {@link JsonWeight}
     */
    record Converted(JsonObject json, long bytes) {}

    private final Vertx vertx;
    private final MemoryBudget budget;
    private final MemoryLoan loan;

    /** @param name who holds it, for people */
    AnswerMemory(Vertx vertx, String name) {
        this.vertx = vertx;
        this.budget = MemoryBudget.of(vertx);
        this.loan = new MemoryLoan(vertx, name);
    }

    /**
     * Converts a document.
     *
     * @param checked from the server; was checked when its message was read
     * @param reads whether the command that it answers has changed nothing
     * @throws ProtocolException LIMIT when its JSON would take more than a message may
     * @throws io.vertx.serviceproxy.ServiceException OVERLOADED when there is no room for it now
     */
    Converted convert(Buffer checked, boolean canonical, boolean reads) {
        Conversion conversion = new Conversion(checked.length(), reads);
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            if (checked.length() >= COUNTED_BYTES) {
                conversion.values(1);
            }
            BsonToJson json = new BsonToJson(in, canonical, conversion);
            return new Converted(json.document(), JsonWeight.of(checked.length(), json.values()));
        } finally {
            if (conversion.countedBytes > 0) {
                vertx.runOnContext(handedOver -> loan.release(conversion.countedBytes));
            }
        }
    }

    private final class Conversion implements BsonToJson.Meter {

        private final int bsonBytes;
        private final boolean reads;
        private long countedBytes;

        Conversion(int bsonBytes, boolean reads) {
            this.bsonBytes = bsonBytes;
            this.reads = reads;
        }

        @Override
        public void values(int values) {
            long bytes = JsonWeight.of(bsonBytes, values);
            if (bytes > budget.maxMessageBytes()) {
                throw ProtocolException.limit("answer: " + bytes + " bytes as JSON, or more (expected: <= "
                        + budget.maxMessageBytes() + ", half of the memory budget)");
            }
            if (!loan.take(bytes - countedBytes)) {
                throw Failure.OVERLOADED.because("answer as JSON: " + budget.noRoomFor(bytes), reads, !reads, null);
            }
            countedBytes = bytes;
        }
    }
}
