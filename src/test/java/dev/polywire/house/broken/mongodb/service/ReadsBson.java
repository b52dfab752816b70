package dev.polywire.house.broken.mongodb.service;

import org.bson.BsonDocument;

/** The one protocol that speaks BSON: no rule reports it. */
public interface ReadsBson {

    BsonDocument document();
}
