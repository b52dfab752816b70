package dev.polywire.house.broken.embedded;

import de.bwaldvogel.mongo.MongoServer;

/** Foreign servers run here: no rule reports it. */
public interface StartsMongoServer {

    MongoServer server();
}
