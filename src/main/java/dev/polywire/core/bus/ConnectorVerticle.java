package dev.polywire.core.bus;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.serviceproxy.ServiceException;
import java.util.function.Function;
import java.util.function.Supplier;

/** A connector as a verticle: its {@code start} makes the {@link Connector}, and sets how the connector leaves. */
public abstract class ConnectorVerticle extends VerticleBase {

    private final Spi spi;
    private Supplier<Future<Void>> leave = Future::succeededFuture;

    /** @param spi observes its requests and connections */
    protected ConnectorVerticle(Spi spi) {
        this.spi = spi;
    }

    protected final Spi spi() {
        return spi;
    }

    /**
     * Reads {@code config()}, which is an entry of {@code connectors} in a configuration file, without references to secrets;
     * {@code type} and {@code instances} may be missing.
     *
     * @param type what {@code type} is, if it is there
     * @throws FieldException with all complaints
     */
    protected final <T> T options(String type, Function<Fields, T> reading) {
        int instances = context.getInstanceCount();
        return Fields.whole(config(), json -> {
            if (!json.text("type", type).equals(type)) {
                throw json.complaint("type", "another (expected: " + type + ")");
            }
            int wanted = json.int32("instances", instances, 1, Integer.MAX_VALUE);
            if (wanted != instances) {
                throw json.complaint("instances", wanted + " (expected: " + instances + ", as deployed)");
            }
            return reading.apply(json);
        });
    }

    /** @param target the peer, as text for people */
    protected final Connector connector(ConnectorOptions options, String protocol, String target) {
        return connector(options, protocol, target, Failure::of);
    }

    /** @param failures the protocol's mapping */
    protected final Connector connector(
            ConnectorOptions options, String protocol, String target, Function<Throwable, ServiceException> failures) {
        return new Connector(vertx, options, protocol, target, spi, failures);
    }

    /** From now on {@code stop} calls {@code leave}. @param leave as {@link Connector#leave} */
    protected final void leaving(Supplier<Future<Void>> leave) {
        this.leave = leave;
    }

    @Override
    public final Future<?> stop() {
        return leave.get();
    }
}
