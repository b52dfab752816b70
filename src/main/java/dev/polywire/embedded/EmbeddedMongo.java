package dev.polywire.embedded;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.polywire.core.net.ListenException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A mongo-java-server in memory. Its data is lost when it stops. */
final class EmbeddedMongo {

    /** It logs a stack trace for each refused command, though the client gets the refusal. Referenced, to keep its level. */
    private static final Logger LOG = Logger.getLogger("de.bwaldvogel.mongo");

    private final MongoServer server = new MongoServer(new MemoryBackend());

    private EmbeddedMongo() {}

    /** @throws ListenException when the port is taken */
    static EmbeddedMongo start(int port) throws Exception {
        LOG.setLevel(Level.OFF);
        EmbeddedMongo started = new EmbeddedMongo();
        try {
            started.server.bind(EmbeddedOptions.HOST, port);
            return started;
        } catch (Exception sneaky) {
            started.stop();
            throw ListenException.at(EmbeddedOptions.HOST + ":" + port, sneaky);
        }
    }

    void stop() {
        server.shutdownNow();
    }
}
