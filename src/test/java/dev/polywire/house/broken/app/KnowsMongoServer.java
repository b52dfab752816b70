package dev.polywire.house.broken.app;

import de.bwaldvogel.mongo.MongoServer;
import dev.polywire.house.Breaks;

@Breaks("mongo-java-server")
public interface KnowsMongoServer {

    MongoServer server();
}
