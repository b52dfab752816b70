package dev.polywire.bridge;

import dev.polywire.core.net.MemoryBudget;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;

/** The shared state of all connections of a bridge; used on one context. */
final class BridgeContext {

    private final Vertx vertx;
    private final BusRequests requests;
    private final BridgeCounters counters;
    private final MemoryBudget budget;
    private final LoginAttempts attempts = new LoginAttempts();
    private BridgeOptions options;

    BridgeContext(Vertx vertx, BridgeOptions options, BridgeCounters counters) {
        this.vertx = vertx;
        this.options = options;
        this.counters = counters;
        this.requests = new BusRequests(vertx.eventBus());
        this.budget = MemoryBudget.of(vertx).part(options.limits().maxTotalBytes());
    }

    Vertx vertx() {
        return vertx;
    }

    EventBus bus() {
        return vertx.eventBus();
    }

    BusRequests requests() {
        return requests;
    }

    BridgeCounters counters() {
        return counters;
    }

    /** What all clients together may hold. */
    MemoryBudget budget() {
        return budget;
    }

    LoginAttempts attempts() {
        return attempts;
    }

    BridgeLimits limits() {
        return options.limits();
    }

    Clients clients() {
        return options.clients();
    }

    BridgeOptions options() {
        return options;
    }

    /** Replaces the options, while connections are open. */
    void options(BridgeOptions changed) {
        options = changed;
        budget.limit(changed.limits().maxTotalBytes());
    }
}
