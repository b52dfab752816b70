package dev.polywire.house.broken.eventstore.store;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.eventstore.server.AnswersClients;
import io.vertx.core.Vertx;

@Breaks("store")
interface KnowsSession {

    AnswersClients session();

    Vertx vertx();
}
