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
import org.bson.BsonReader;

/**
 * Converts what the server sent to JSON, and counts the JSON in the memory budget until the bus has it, which is the next
 * turn of the event loop. Small documents are not counted. Belongs to one context.
 */
final class AnswerMemory {

    /** From this size on it is counted: the memory budget leaves everybody as much. */
    private static final int COUNTED_BYTES = 64 * 1024;

    private static final JsonObject NOTHING = new JsonObject();

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
    Conversion convert(Buffer checked, boolean canonical, boolean reads) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            Conversion conversion = new Conversion(in, canonical, checked.length(), reads);
            conversion.run();
            return conversion;
        }
    }

    /** A document as JSON. */
    final class Conversion extends BsonToJson {

        private final int bsonBytes;
        private final boolean reads;
        private long countedBytes;
        private JsonObject json = NOTHING;

        private Conversion(BsonReader in, boolean canonical, int bsonBytes, boolean reads) {
            super(in, canonical);
            this.bsonBytes = bsonBytes;
            this.reads = reads;
        }

        JsonObject json() {
            return json;
        }

        /** What the JSON takes, see {@link JsonWeight}. */
        long bytes() {
            return JsonWeight.of(bsonBytes, values());
        }

        private void run() {
            try {
                if (bsonBytes >= COUNTED_BYTES) {
                    grows();
                }
                json = document();
            } finally {
                if (countedBytes > 0) {
                    vertx.runOnContext(handedOver -> loan.release(countedBytes));
                }
            }
        }

        @Override
        void grows() {
            long bytes = bytes();
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
