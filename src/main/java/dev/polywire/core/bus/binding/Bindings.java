package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.handle.HandleRoom;
import dev.polywire.core.bus.handle.Rooms;
import dev.polywire.core.bus.request.Failure;
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

    /** A binding that was dropped made others wait: now it waits for as long. */
    private static final long AGAIN_MILLIS = 30_000;

    private final Vertx vertx;
    private final RequestTable requests;
    private final long againMillis;
    private final BindingCounters counters = new BindingCounters();
    private final Set<Binding> running = new LinkedHashSet<>();
    /** The bindings made by {@code bind}. */
    private final HandleRoom<Binding> open;

    private boolean leaving;

    /** The bindings have a room of their own. @param count adds a number to {@code status} */
    public Bindings(Vertx vertx, RequestTable requests, Rooms rooms, BiConsumer<String, LongSupplier> count) {
        this(vertx, requests, rooms, count, AGAIN_MILLIS);
    }

    Bindings(
            Vertx vertx, RequestTable requests, Rooms rooms, BiConsumer<String, LongSupplier> count, long againMillis) {
        this.vertx = vertx;
        this.requests = requests;
        this.againMillis = againMillis;
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

    /**
     * Starts a binding of the configuration. It ends with the connector; one that ends earlier, by a failure, is started again
     * after 30 s.
     */
    public Future<Void> start(BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        return start(options, opening, cause -> startLater(options, opening));
    }

    /** The same, started again by the caller. @param failed receives the failure that ended it */
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

    private void startLater(BindingOptions options, Supplier<Future<? extends StreamSource>> opening) {
        vertx.setTimer(againMillis, t -> {
            if (!leaving) {
                Failure.called(() -> start(options, opening)).onFailure(notYet -> startLater(options, opening));
            }
        });
    }

    /** Ends all bindings. @return completes when all sent items have an answer */
    public Future<Void> closeAll() {
        leaving = true;
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
