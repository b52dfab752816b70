package dev.polywire.mongodb.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.session.MongoClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB connector on the bus: a pool of connections per instance. Its configuration is {@link MongoOptions} as
 * JSON; its service is {@link MongoService}, at {@code polywire.mongodb} by default.
 */
public final class MongoVerticle extends ConnectorVerticle<MongoOptions> {

    private static final Logger LOG = System.getLogger(MongoVerticle.class.getName());

    private final @Nullable BsonCodec<JsonObject> documents;

    /** Without metrics and traces. */
    public MongoVerticle() {
        this(Spi.NONE);
    }

    /** @param spi observes its requests and connections */
    public MongoVerticle(Spi spi) {
        this(spi, null);
    }

    /**
     * @param spi observes its requests and connections
     * @param documents translates commands and answers of {@link MongoService} instead of {@link ExtendedJson}; null: none.
     *     The raw door and {@code server} of a failure do not change
     */
    public MongoVerticle(Spi spi, @Nullable BsonCodec<JsonObject> documents) {
        super("mongodb", MongoOptions::fromJson, spi);
        this.documents = documents;
    }

    @Override
    protected Future<Void> start(MongoOptions options) {
        options.remarks(instance())
                .forEach(each -> LOG.log(
                        Level.WARNING, "connector " + options.connector().name() + ": " + each));
        Connector bus = connector(options.connector(), "mongodb", options.target());
        MongoClient up = new MongoClient(
                vertx,
                options.endpoint(),
                options.client(),
                options.service(),
                options.pool(instance()),
                options.streamsHello(),
                options.heartbeatMillis(),
                spi(),
                bus);
        MongoEndpoint service =
                new MongoEndpoint(vertx, bus, up, options, documents == null ? null : new JsonDialect(documents));
        leaving(() -> bus.leave(up::close));
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(MongoService.class, service, MongoEndpoint.RAW_ACTIONS, service::raw));
    }
}
