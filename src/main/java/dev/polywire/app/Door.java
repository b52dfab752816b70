package dev.polywire.app;

import dev.polywire.app.ProgramOptions.BridgeEntry;
import dev.polywire.bridge.BridgeOptions;
import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.CodeSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The running bridge, or none, and its replacement after a change of the configuration. */
final class Door {

    private final Vertx vertx;
    private final Reload reload;
    private final FreedPort freed;
    private final Spi spi;
    private @Nullable Running running;
    private volatile boolean standing;

    private record Running(BridgeEntry entry, TcpBridgeVerticle bridge, String deployment, Future<Void> left) {}

    /** Applies new settings to a running bridge. */
    @FunctionalInterface
    interface Reload {

        /**
         * @return fails without any change: with a {@link FieldException} when these settings need a new bridge, with
         *     another exception when no bridge can use them now
         */
        Future<Void> apply(TcpBridgeVerticle bridge, BridgeEntry entry);
    }

    Door(Vertx vertx, Reload reload, FreedPort freed, Spi spi) {
        this.vertx = vertx;
        this.reload = reload;
        this.freed = freed;
        this.spi = spi;
    }

    /**
     * Runs this bridge, or none. If the bridge accepts new settings, its clients stay connected. If its endpoint changes, it
     * leaves first, and starts again if its successor cannot listen. Settings that cannot be used are not applied.
     *
     * @return whether anything changed
     */
    Future<Boolean> become(@Nullable BridgeEntry wanted) {
        Running old = running;
        if (Objects.equals(wanted, old == null ? null : old.entry)) {
            return Future.succeededFuture(false);
        }
        if (old == null || wanted == null) {
            return (wanted == null ? close() : open(wanted)).map(done -> true);
        }
        return reload.apply(old.bridge, wanted)
                .onSuccess(done -> running = new Running(wanted, old.bridge, old.deployment, old.left))
                .recover(cannot ->
                        cannot instanceof FieldException ? replace(old.entry, wanted) : Future.failedFuture(cannot))
                .map(done -> true);
    }

    Future<Void> close() {
        Running leaver = running;
        running = null;
        return leaver == null
                ? Future.succeededFuture()
                : vertx.undeploy(leaver.deployment).onComplete(left -> standing = false);
    }

    /** Completes when there is no bridge, which Vert.x itself may undeploy. */
    Future<Void> gone() {
        Running now = running;
        return now == null ? Future.succeededFuture() : now.left;
    }

    /** Begins the text about what runs. */
    StartupSummary summary() {
        Running now = running;
        CodeSource classes = Door.class.getProtectionDomain().getCodeSource();
        String jar = StartupSummary.jar(
                System.getProperty("java.class.path", ""),
                classes == null ? "" : classes.getLocation().getPath());
        return now == null
                ? new StartupSummary(null, 0, jar)
                : new StartupSummary(
                        BridgeOptions.fromJson(Fields.of(now.entry.config())), now.bridge.actualPort(), jar);
    }

    /** The port that the bridge listens on; 0: there is no bridge. */
    int port() {
        Running now = running;
        return now == null ? 0 : now.bridge.actualPort();
    }

    /** Whether there is a bridge, which may be leaving. From any thread. */
    boolean isStanding() {
        return standing;
    }

    private Future<Void> replace(BridgeEntry old, BridgeEntry wanted) {
        return close().compose(closed -> freed.take(() -> open(wanted)))
                .recover(cannot -> freed.take(() -> open(old)).transform(back -> Future.failedFuture(cannot)));
    }

    private Future<Void> open(BridgeEntry entry) {
        TcpBridgeVerticle bridge = new TcpBridgeVerticle(spi);
        OrderedPart part = new OrderedPart(bridge, Future::succeededFuture);
        return vertx.deployVerticle(part, new DeploymentOptions().setConfig(entry.config()))
                .onSuccess(deployment -> {
                    running = new Running(entry, bridge, deployment, part.left());
                    standing = true;
                })
                .mapEmpty();
    }
}
