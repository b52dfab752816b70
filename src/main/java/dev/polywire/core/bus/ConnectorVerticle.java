package dev.polywire.core.bus;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.serviceproxy.ServiceException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connector as a verticle: its {@code start} makes the {@link Connector}, and sets how the connector leaves. Its {@code
 * config()} is an entry of {@code connectors} in a configuration file, with references to secrets; {@code type} and {@code
 * instances} may be missing. The deployment fails with all complaints, each on a line.
 *
 * @param <T> its options
 */
public abstract class ConnectorVerticle<T> extends VerticleBase {

    private final String type;
    private final Function<Fields, T> reading;
    private final Spi spi;
    private DeployedInstance instance = DeployedInstance.ALONE;
    private Supplier<Future<Void>> leave = Future::succeededFuture;

    /**
     * @param type what {@code type} is, if it is there
     * @param reading reads the other options
     * @param spi observes its requests and connections
     */
    protected ConnectorVerticle(String type, Function<Fields, T> reading, Spi spi) {
        this.type = type;
        this.reading = reading;
        this.spi = spi;
    }

    protected final Spi spi() {
        return spi;
    }

    /** Which of its deployment's instances it is. */
    protected final DeployedInstance instance() {
        return instance;
    }

    /** Begins, after the options were read. */
    protected abstract Future<Void> start(T options);

    @Override
    public final Future<?> start() {
        instance = DeployedInstance.next(context);
        // After a failed start, Vert.x does not call stop.
        return VerticleStart.of(vertx, config(), this::entry, this::start)
                .recover(cause -> leave.get().transform(left -> Future.failedFuture(cause)));
    }

    /** @param endpoint the peer, or where to listen */
    protected final Connector connector(ConnectorOptions options, String protocol, EndpointOptions endpoint) {
        return connector(options, protocol, endpoint.target());
    }

    /** @param target the peer, as text for people */
    protected final Connector connector(ConnectorOptions options, String protocol, String target) {
        return connector(options, protocol, target, Failure::of);
    }

    /** @param target the peer, as text for people @param failures the protocol's mapping */
    protected final Connector connector(
            ConnectorOptions options, String protocol, String target, Function<Throwable, ServiceException> failures) {
        return new Connector(vertx, options, protocol, target, spi, failures);
    }

    /** From now on {@code stop} calls {@code leave}, and so does a start that fails. @param leave as {@link Connector#leave} */
    protected final void leaving(Supplier<Future<Void>> leave) {
        this.leave = leave;
    }

    @Override
    public final Future<?> stop() {
        return leave.get();
    }

    private T entry(Fields json) {
        if (!json.text("type", type).equals(type)) {
            throw json.complaint("type", "another (expected: " + type + ")");
        }
        int deployed = instance.count();
        int wanted = json.int32("instances", deployed, 1, Integer.MAX_VALUE);
        if (wanted != deployed) {
            throw json.complaint("instances", wanted + " (expected: " + deployed + ", as deployed)");
        }
        return reading.apply(json);
    }
}
