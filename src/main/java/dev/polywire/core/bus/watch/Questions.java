package dev.polywire.core.bus.watch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Asks all nodes which requests they hold, and matches each answer to its question. One context; see {@link Holders}. */
final class Questions {

    /** Receives an answer. */
    interface Asker {
        void answered(long question, JsonObject answer);
    }

    private final Vertx vertx;
    private final IntSupplier nodes;
    private final String answers = Holders.ADDRESS + "." + UUID.randomUUID();
    private final Map<Long, Asker> open = new HashMap<>();
    private @Nullable MessageConsumer<JsonObject> consumer;
    private long asked;

    /** @param nodes how many will answer, 0 when the number is unknown */
    Questions(Vertx vertx, IntSupplier nodes) {
        this.vertx = vertx;
        this.nodes = nodes;
    }

    Future<Void> start() {
        consumer = vertx.eventBus().consumer(answers, answer -> {
            Asker asker = open.get(answer.body().getLong("question"));
            if (asker != null) {
                asker.answered(answer.body().getLong("question"), answer.body());
            }
        });
        return consumer.completion();
    }

    Future<Void> stop() {
        open.clear();
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    int nodes() {
        return nodes.getAsInt();
    }

    /** @return the question's number */
    long ask(List<String> ids, Asker asker) {
        open.put(++asked, asker);
        vertx.eventBus()
                .publish(
                        Holders.ADDRESS,
                        new JsonObject()
                                .put("question", asked)
                                .put("answerTo", answers)
                                .put("ids", new JsonArray(List.copyOf(ids))));
        return asked;
    }

    /** Accepts no more answers. @return false when the question was closed before */
    boolean close(long question) {
        return open.remove(question) != null;
    }
}
