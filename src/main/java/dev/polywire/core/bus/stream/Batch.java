package dev.polywire.core.bus.stream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A batch of a stream on the bus. To a reader of ours on the same node it goes as it is, where the bus would copy a JSON
 * object item by item; so whoever makes one does not touch its items again, and they belong to the reader. To another node
 * it goes as JSON, and who does not ask for it gets a {@link JsonObject}.
 *
 * @param number from 1
 * @param items JSON values; in raw form the one buffer of all records
 * @param done nothing comes behind it
 */
public record Batch(long number, JsonArray items, boolean done) {

    /** Header of a {@code next}: its sender takes a {@link Batch}. */
    static final String WANTED = "polywire-batch";

    private static final String NUMBER = "batch";
    private static final String ITEMS = "items";
    private static final String DONE = "done";

    /** Lets batches arrive at {@code vertx} as they are. @return {@code vertx} */
    public static Vertx install(Vertx vertx) {
        try {
            vertx.eventBus().registerDefaultCodec(Batch.class, new BatchCodec());
        } catch (IllegalStateException alreadyRegistered) {
            // The bus has no way to ask.
        }
        return vertx;
    }

    /** Marks a {@code next} whose answer may be a {@link Batch}, which its sender's Vert.x has been told of by {@link #install}. */
    public static DeliveryOptions wanted(DeliveryOptions options) {
        return options.addHeader(WANTED, "true");
    }

    /** The answer to a {@code next}, in whatever form it came. */
    static Batch of(Message<?> answer) {
        if (answer.body() instanceof Batch batch) {
            return batch;
        } else if (answer.body() instanceof Buffer records) {
            return new Batch(
                    Long.parseLong(answer.headers().get(NUMBER)),
                    records.length() == 0 ? new JsonArray() : new JsonArray().add(records),
                    isLastRaw(answer));
        }
        return of((JsonObject) answer.body());
    }

    static Batch of(JsonObject json) {
        return new Batch(json.getLong(NUMBER), json.getJsonArray(ITEMS), json.getBoolean(DONE));
    }

    /** Whether an answer in raw form says that it is the last. */
    public static boolean isLastRaw(Message<?> answer) {
        return Boolean.parseBoolean(answer.headers().get(DONE));
    }

    /** The same items, not copied. */
    public JsonObject toJson() {
        return new JsonObject().put(NUMBER, number).put(ITEMS, items).put(DONE, done);
    }

    /** One item: JSON, or in raw form the buffer, of which {@link JsonArray#getValue} would make a string. */
    Object item(int index) {
        return items.getList().get(index) instanceof Buffer records ? records : items.getValue(index);
    }

    Buffer records() {
        return items.isEmpty() ? Buffer.buffer() : items.getBuffer(0);
    }

    DeliveryOptions headers() {
        return new DeliveryOptions().addHeader(NUMBER, Long.toString(number)).addHeader(DONE, Boolean.toString(done));
    }
}
