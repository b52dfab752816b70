package dev.polywire.eventstore.service;

import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.Repetition;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.Future;

/** Asks the server. */
record ServerCalls(EventStoreClient client) {

    /** @param answer what comes when it is no refusal */
    <A extends EventStoreMessage> Future<A> ask(
            EventStoreMessage question, Class<A> answer, Repetition repetition, Deadline deadline) {
        return send(question, repetition, deadline).map(answer::cast);
    }

    /** The same with any answer to this question. */
    Future<EventStoreMessage> send(EventStoreMessage question, Repetition repetition, Deadline deadline) {
        return client.send(new EventStoreCall(question, null, deadline), repetition);
    }
}
