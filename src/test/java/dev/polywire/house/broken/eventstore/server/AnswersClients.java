package dev.polywire.house.broken.eventstore.server;

/** Known to a store, which must not know it. */
public interface AnswersClients {}
