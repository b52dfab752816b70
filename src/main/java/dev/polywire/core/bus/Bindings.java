package dev.polywire.core.bus;

import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All bindings of one connector instance: those of its configuration, and those that {@code bind} made. */
public final class Bindings implements BindingService {

    private static final Logger LOG = System.getLogger(Bindings.class.getName());

    private final Vertx vertx;
    private final String address;
    private final RequestTable requests;
    private final BindingCounters counters = new BindingCounters();
    private final Set<Binding> running = new LinkedHashSet<>();
    /** Those that {@code bind} made. */
    private final Handles<Binding> open;

    private boolean leaving;

    Bindings(Vertx vertx, String address, RequestTable requests, ConnectorOptions options) {
        this.vertx = vertx;
        this.address = address;
        this.requests = requests;
        // A binding works whether anybody asks for it or not: its lease never lapses.
        this.open = new Handles<>(
                vertx,
                options.leaseMillis(),
                options.maxStreams(),
                options.maxStreamsPerCaller(),
                always -> true,
                never -> {});
    }

    BindingCounters counters() {
        return counters;
    }

    /**
     * Binds for the request that is being handed over.
     *
     * @param to where items go
     * @param options {@code prefetch, timeoutMillis, onTimeout} of {@link BindingOptions}
     * @param opening makes the source; not called when the options are wrong or no further binding is allowed
     * @return {@code {address, id}}, or a failure of the table, OVERLOADED among them
     */
    public Future<JsonObject> bind(
            String to, @Nullable JsonObject options, Supplier<Future<? extends StreamSource>> opening) {
        Request<?> request = requests.current();
        return Failure.typed(() -> bind(request, BindingOptions.of(to, Fields.at("options", options)), opening));
    }

    /** The same by options that are read. */
    public Future<JsonObject> bind(BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        Request<?> request = requests.current();
        return Failure.typed(() -> bind(request, options, opening));
    }

    private Future<JsonObject> bind(
            Request<?> request, BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        admit(request);
        return opening.get().compose(source -> bound(request, source, options));
    }

    /** Starts a binding of the configuration, which ends with the connector. */
    public Future<Void> start(BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        return opening.get().map(source -> {
            run(new Binding(vertx, source, options, counters));
            return null;
        });
    }

    @Override
    public Future<JsonObject> status(String id) {
        return Failure.typed(() -> {
            Binding binding = open.use(id);
            if (binding == null) {
                throw Failure.NOT_FOUND.because("id: no such binding");
            }
            return Future.succeededFuture(binding.status());
        });
    }

    @Override
    public Future<Void> close(String id) {
        Binding binding = open.remove(id);
        return binding == null ? Future.succeededFuture() : Failure.typed(binding::close);
    }

    /** From now on none is made, though the request came in time. */
    void refuse() {
        leaving = true;
    }

    /** Ends all of them. @return completes when what is out has its answer */
    Future<Void> closeAll() {
        return Future.join(running().stream().map(Binding::close).toList()).mapEmpty();
    }

    /** Waits no longer. */
    void abandon() {
        running().forEach(Binding::abandon);
    }

    JsonArray status() {
        JsonArray all = new JsonArray();
        running.forEach(each -> all.add(each.status()));
        return all;
    }

    private void admit(Request<?> request) {
        if (leaving) {
            throw Failure.SHUTTING_DOWN.because("the connector is leaving");
        }
        open.admit(request.caller());
    }

    private Future<JsonObject> bound(Request<?> request, StreamSource source, BindingOptions options) {
        Binding binding = new Binding(vertx, source, options, counters);
        String id;
        try {
            if (request.answered()) {
                throw Failure.CANCELLED.because("its caller has given up and will never end it");
            }
            admit(request);
            id = open.add(request.caller(), binding);
        } catch (ServiceException no) {
            return source.close().transform(closed -> Future.failedFuture(no));
        }
        run(binding).onComplete(ended -> open.remove(id));
        return Future.succeededFuture(new JsonObject().put("address", address).put("id", id));
    }

    private Future<Void> run(Binding binding) {
        running.add(binding);
        return binding.start()
                .onComplete(ended -> running.remove(binding))
                .onFailure(cause -> LOG.log(Level.WARNING, "a binding of " + address + " has ended: " + cause));
    }

    private List<Binding> running() {
        return List.copyOf(running);
    }
}
