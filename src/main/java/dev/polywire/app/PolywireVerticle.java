package dev.polywire.app;

import dev.polywire.core.bus.MissingLibraryException;
import dev.polywire.core.bus.Polywire;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A whole configuration in somebody's application: all its connectors, then its bridge. When it is undeployed, or its Vert.x
 * closes, the bridge leaves first, then all connectors together; each has its own {@code drainMillis}.
 *
 * <p>Its {@code config()} is that of a configuration file: {@code connectors}, {@code bridge} and {@code memory}, with references
 * to secrets. Other keys are refused by name: an application joins its cluster, sets its log and starts its servers itself.
 * Variables {@code POLYWIRE__...} override nothing. {@code memory} applies to everything of Polywire on the Vert.x instance;
 * without it, the limit that is there stays.
 *
 * <p>The deployment fails with a {@link ConfigurationException} that has all errors, with a {@link StartException} when a part
 * cannot start (then nothing is left running), or with a {@link MissingLibraryException}. Changes of a connector's state are
 * logged at {@code dev.polywire}.
 */
public final class PolywireVerticle extends VerticleBase {

    private static final Logger LOG = System.getLogger("dev.polywire");

    private final Spi spi;
    private volatile int bridgePort;

    /** Without metrics and traces. */
    public PolywireVerticle() {
        this(Spi.NONE);
    }

    /** @param spi for metrics and traces of all connectors and the bridge */
    public PolywireVerticle(Spi spi) {
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        int instances = context.getInstanceCount();
        if (instances != 1) {
            return Future.failedFuture(new FieldException("instances", instances + " (expected: 1)"));
        }
        return MissingLibraryException.told(
                () -> Configuration.of(vertx, config()).compose(this::run));
    }

    /** The port that the bridge listens on, once this is deployed; 0: the configuration has no bridge. */
    public int bridgePort() {
        return bridgePort;
    }

    private Future<Void> run(Configuration configuration) {
        configuration.warnings().forEach(warning -> LOG.log(Level.WARNING, warning.toString()));
        if (configuration.limitsMemory()) {
            Polywire.install(vertx, configuration.options().common());
        }
        return Program.startAsGuest(vertx, configuration, spi)
                .onSuccess(program -> bridgePort = program.bridgePort())
                .mapEmpty();
    }
}
