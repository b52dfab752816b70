package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.handle.HandleRoom;
import dev.polywire.core.bus.handle.Rooms;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All bindings of one connector instance: those of its configuration, and those made by {@code bind}. */
public final class Bindings implements BindingService {

    private static final Logger LOG = System.getLogger(Bindings.class.getName());

    private final Vertx vertx;
    private final RequestTable requests;
    private final BindingCounters counters = new BindingCounters();
    private final Set<Binding> running = new LinkedHashSet<>();
    /** The bindings made by {@code bind}. */
    private final HandleRoom<Binding> open;

    /** The bindings have a room of their own. @param count adds a number to {@code status} */
    public Bindings(Vertx vertx, RequestTable requests, Rooms rooms, BiConsumer<String, LongSupplier> count) {
        this.vertx = vertx;
        this.requests = requests;
        counters.into(count);
        this.open = rooms.room("binding", BindingService.class, this);
    }

    /**
     * Makes a binding for the request that is being handed over.
     *
     * @param to where the items are sent
     * @param options {@code prefetch, timeoutMillis, onTimeout} of {@link BindingOptions}
     * @param opening makes the source; not called when the options are wrong or no further binding is allowed
     * @return {@code {address, id}}; fails as {@link HandleRoom#open}
     */
    public Future<JsonObject> bind(
            String to, @Nullable JsonObject options, Supplier<Future<? extends StreamSource>> opening) {
        return bind(BindingOptions.of(to, Fields.at("options", options)), opening);
    }

    /** As above, with options that were already read. */
    public Future<JsonObject> bind(BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        return open.open(() -> opening.get().map(source -> binding(source, options)))
                .onSuccess(handle -> handle.remove("leaseMillis"));
    }

    /** Starts a binding of the configuration; it ends with the connector. */
    public Future<Void> start(BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        return start(options, opening, cause -> {});
    }

    /** The same. @param failed receives the failure of its source, which ends it earlier */
    public Future<Void> start(
            BindingOptions options, Supplier<Future<? extends StreamSource>> opening, Consumer<Throwable> failed) {
        return opening.get().map(source -> {
            run(binding(source, options)).onFailure(failed::accept);
            return null;
        });
    }

    @Override
    public Future<JsonObject> status(String id) {
        return Future.succeededFuture(open.use(id).status());
    }

    @Override
    public Future<Void> close(String id) {
        Binding binding = open.remove(id);
        return binding == null ? Future.succeededFuture() : binding.close();
    }

    /** Ends all bindings. @return completes when all sent items have an answer */
    public Future<Void> closeAll() {
        return Future.join(running().stream().map(Binding::close).toList()).mapEmpty();
    }

    /** Stops waiting for answers. */
    public void abandon() {
        running().forEach(Binding::abandon);
    }

    public JsonArray status() {
        JsonArray all = new JsonArray();
        running.forEach(each -> all.add(each.status()));
        return all;
    }

    private Binding binding(StreamSource source, BindingOptions options) {
        return new Binding(vertx, source, options, counters, requests::failure, this::opened);
    }

    private void opened(Binding binding, String id) {
        run(binding).onComplete(ended -> open.remove(id));
    }

    private Future<Void> run(Binding binding) {
        running.add(binding);
        return binding.start()
                .onComplete(ended -> running.remove(binding))
                .onFailure(cause -> LOG.log(Level.WARNING, "a binding has ended: " + cause));
    }

    private List<Binding> running() {
        return List.copyOf(running);
    }
}
