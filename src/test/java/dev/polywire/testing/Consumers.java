package dev.polywire.testing;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Consumers of deliveries at one address, each on a context of its own, and what each of them saw. */
public final class Consumers {

    private final Vertx vertx;
    private final String address;
    private final List<One> all = new CopyOnWriteArrayList<>();

    /** A consumer. */
    public static final class One {

        public final List<Message<Object>> seen = new CopyOnWriteArrayList<>();
        private final String deployment;
        private final Vertx vertx;

        private One(Vertx vertx, String address, Consumer<Message<Object>> answer) {
            this.vertx = vertx;
            this.deployment = Outcome.value(vertx.deployVerticle(new AbstractVerticle() {
                @Override
                public void start() {
                    vertx.eventBus().consumer(address, delivery -> {
                        seen.add(delivery);
                        answer.accept(delivery);
                    });
                }
            }));
        }

        public List<Object> items() {
            return seen.stream().map(each -> (Object) each.body()).toList();
        }

        public List<String> ids() {
            return seen.stream().map(each -> each.headers().get("deliveryId")).toList();
        }

        /** Without a drain, as a verticle that knows nothing of ours. */
        public void leave() {
            Outcome.value(vertx.undeploy(deployment));
        }
    }

    public Consumers(Vertx vertx, String address) {
        this.vertx = vertx;
        this.address = address;
    }

    /** One more. */
    public One join(Consumer<Message<Object>> answer) {
        One one = new One(vertx, address, answer);
        all.add(one);
        return one;
    }

    /** One more, which acknowledges all. */
    public One join() {
        return join(delivery -> delivery.reply(null));
    }

    /** What all of them saw, by consumer. */
    public List<Object> items() {
        return all.stream().flatMap(each -> each.items().stream()).toList();
    }
}
