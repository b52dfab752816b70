package dev.polywire.mongodb.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;

/** A gate for commands, by their names: shut, they wait until it is opened. Any thread may call it. */
public final class CommandGate implements CommandDelay {

    /** Those that wait, by the names that are shut. */
    private final Map<String, List<Promise<Void>>> shut = new HashMap<>();

    /** Commands of this name wait from now on. */
    public synchronized void shut(String name) {
        shut.computeIfAbsent(name, none -> new ArrayList<>());
    }

    /** They do not any more, and those that wait are done. */
    public void open(String name) {
        List<Promise<Void>> released;
        synchronized (this) {
            released = shut.remove(name);
        }
        if (released != null) {
            released.forEach(Promise::complete);
        }
    }

    /** How many commands of this name wait. Those whose connection has ended are counted, too. */
    public synchronized int waiting(String name) {
        return shut.getOrDefault(name, List.of()).size();
    }

    @Override
    public synchronized Future<?> before(Vertx vertx, BsonDocument command) {
        List<Promise<Void>> waiting = command.isEmpty() ? null : shut.get(command.getFirstKey());
        if (waiting == null) {
            return Future.succeededFuture();
        }
        Promise<Void> released = Promise.promise();
        waiting.add(released);
        return released.future();
    }
}
