package dev.polywire.mongodb.session;

import dev.polywire.mongodb.client.MongoConnection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A connection that has a place in a pool. */
final class MongoPlace extends PoolPlaces.Place implements MongoConnection.Keeper {

    final MongoConnection connection;
    private final Consumer<MongoPlace> progress;
    private final BiConsumer<MongoPlace, RuntimeException> ended;
    /** Commands that it was given, whose end the pool has not yet told. */
    int given;

    private boolean broken;

    /** @param progress @param ended as of a {@link MongoConnection.Keeper} */
    MongoPlace(
            MongoConnection connection, Consumer<MongoPlace> progress, BiConsumer<MongoPlace, RuntimeException> ended) {
        this.connection = connection;
        this.progress = progress;
        this.ended = ended;
    }

    /** Whether the server or the network has ended it while something was in flight. */
    boolean isBroken() {
        return broken;
    }

    @Override
    public void progress() {
        progress.accept(this);
    }

    @Override
    public void ended(RuntimeException cause, boolean brokenInUse) {
        broken = brokenInUse;
        ended.accept(this, cause);
    }

    @Override
    int inFlight() {
        return connection.inFlight();
    }

    @Override
    boolean isWaitedFor() {
        return connection.isWaitedFor();
    }

    @Override
    boolean takesMore() {
        return connection.takesMore();
    }

    @Override
    long oldestSentMillis() {
        return connection.oldestSentMillis();
    }
}
