package dev.polywire.core.bus.stream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A batch of a stream on the bus. To a reader of ours on the same node it goes as this object, where the bus would copy a
 * JSON object item by item; its maker therefore does not touch the items again, and they belong to the reader. To another
 * node it goes as JSON, and a reader that does not request a batch object gets a {@link JsonObject}.
 *
 * @param number from 1
 * @param items JSON values; in raw form the one buffer of all records
 * @param done no batch follows
 * @param resume where a new stream goes on behind the last item of this batch, or without items behind all batches before;
 *     the reader does not look into it, nor change it. Null: not known, or the protocol has no such place
 */
public record Batch(
        long number,
        JsonArray items,
        boolean done,
        @Nullable JsonObject resume) {

    /** Header of a {@code next}: its sender accepts a {@link Batch}. */
    static final String WANTED = "polywire-batch";

    private static final String NUMBER = "batch";
    private static final String ITEMS = "items";
    private static final String DONE = "done";
    private static final String RESUME = "resume";

    /** Registers the codec at {@code vertx}, so that batches arrive as objects. @return {@code vertx} */
    public static Vertx install(Vertx vertx) {
        try {
            vertx.eventBus().registerDefaultCodec(Batch.class, new BatchCodec());
        } catch (IllegalStateException alreadyRegistered) {
            // The bus has no method to ask whether the codec is registered.
        }
        return vertx;
    }

    /** Marks a {@code next} whose reply may be a {@link Batch}; {@link #install} must have run on the sender's Vert.x. */
    public static DeliveryOptions wanted(DeliveryOptions options) {
        return options.addHeader(WANTED, "true");
    }

    /** The reply to a {@code next}, whatever its form. */
    static Batch of(Message<?> answer) {
        if (answer.body() instanceof Batch batch) {
            return batch;
        } else if (answer.body() instanceof Buffer records) {
            String resume = answer.headers().get(RESUME);
            return new Batch(
                    Long.parseLong(answer.headers().get(NUMBER)),
                    records.length() == 0 ? new JsonArray() : new JsonArray().add(records),
                    isLastRaw(answer),
                    resume == null ? null : new JsonObject(resume));
        }
        return of((JsonObject) answer.body());
    }

    static Batch of(JsonObject json) {
        return new Batch(
                json.getLong(NUMBER), json.getJsonArray(ITEMS), json.getBoolean(DONE), json.getJsonObject(RESUME));
    }

    /** Whether a reply in raw form is the last. */
    public static boolean isLastRaw(Message<?> answer) {
        return Boolean.parseBoolean(answer.headers().get(DONE));
    }

    /** The same items, not copied. */
    public JsonObject toJson() {
        return new JsonObject()
                .put(NUMBER, number)
                .put(ITEMS, items)
                .put(DONE, done)
                .put(RESUME, resume);
    }

    /** One item: JSON, or in raw form the buffer, of which {@link JsonArray#getValue} would make a string. */
    Object item(int index) {
        return items.getList().get(index) instanceof Buffer records ? records : items.getValue(index);
    }

    Buffer records() {
        return items.isEmpty() ? Buffer.buffer() : items.getBuffer(0);
    }

    DeliveryOptions headers() {
        DeliveryOptions headers =
                new DeliveryOptions().addHeader(NUMBER, Long.toString(number)).addHeader(DONE, Boolean.toString(done));
        return resume == null ? headers : headers.addHeader(RESUME, resume.encode());
    }
}
