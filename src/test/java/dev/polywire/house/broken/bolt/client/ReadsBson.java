package dev.polywire.house.broken.bolt.client;

import dev.polywire.house.Breaks;
import org.bson.BsonDocument;

@Breaks("BSON")
public interface ReadsBson {

    BsonDocument document();
}
