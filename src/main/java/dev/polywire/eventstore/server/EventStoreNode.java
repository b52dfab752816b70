package dev.polywire.eventstore.server;

/** One node: the database as its clients see it there. */
final class EventStoreNode {

    private final EventStoreDatabase database;

    EventStoreNode(EventStoreDatabase database) {
        this.database = database;
    }

    EventStoreDatabase database() {
        return database;
    }
}
